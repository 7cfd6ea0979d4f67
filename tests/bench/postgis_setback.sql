-- All sites to all places within 2,800 ft on the ellipsoid, loaded and indexed; only the number of pairs leaves the server.
SELECT sum(n) FROM (
    SELECT s.id, count(*) AS n, min(ST_Distance(s.geog, p.geog)) AS nearest
    FROM site s JOIN place p ON ST_DWithin(s.geog, p.geog, 853.44) GROUP BY s.id
) AS counts;
