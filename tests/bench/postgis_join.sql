-- The join alone on what is loaded and indexed, on the column :by; only the number of pairs leaves the server.
SELECT sum(n) FROM (
    SELECT s.id, count(*) AS n, count(*) FILTER (WHERE i.occurred_at >= '2025-01-01') AS lately
    FROM site s JOIN at_join i ON ST_DWithin(s.:by, i.:by, 150) GROUP BY s.id
) AS counts;
