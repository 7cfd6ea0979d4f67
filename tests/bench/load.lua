-- wrk: asks for the paths of a file one after another, in an order of its own.
local paths = {}

function init(args)
    for line in io.lines(args[1]) do paths[#paths + 1] = line end
    wrk.headers["Cookie"] = args[2]
    math.randomseed(1)
end

function request()
    return wrk.format("GET", paths[math.random(#paths)])
end

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format("%d requests, p50 %.1f ms, p99 %.1f ms, %d errors\n", summary.requests,
        latency:percentile(50) / 1000, latency:percentile(99) / 1000,
        errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
