namespace Coord.JepsenLike.Tests;

/// <summary>One request of the traced client as its node's system calls show it.</summary>
internal sealed record TracedRequest(double Received, double Replied, bool IsFlushed);

/// <summary>
/// Reads from traces whether replies waited for the disk. On the node that answers, the tracer's own order counts:
/// request read, log written, that write flushed, and only then the reply sent.
/// </summary>
internal static class FlushOrder
{
    private const string Sockets = "TCP";

    /// <summary>The requests of the client with this port, on the node that answers it.</summary>
    public static List<TracedRequest> Requests(IEnumerable<TracedCall> calls, int clientPort, string dataFolder)
    {
        var requests = new List<TracedRequest>();
        var flushes = new FlushTracker(dataFolder);
        double? received = null;
        foreach (var call in calls)
        {
            if (IsClient(call, clientPort))
            {
                if (call.Edge == TracedEdge.End && call.Result > 0 && IsReceive(call.Name))
                {
                    received = call.Time;
                    flushes.Reset();
                }
                else if (call.Edge == TracedEdge.Begin && received is { } begin && IsSend(call.Name))
                {
                    requests.Add(new TracedRequest(begin, call.Time, flushes.IsFlushed));
                    received = null;
                }
            }
            else
            {
                flushes.Step(call);
            }
        }

        return requests;
    }

    /// <summary>When complete flushes of files under the folder began and ended.</summary>
    public static List<(double Begin, double End)> Flushes(IEnumerable<TracedCall> calls, string dataFolder)
    {
        var begun = new Dictionary<int, double>();
        var flushes = new List<(double, double)>();
        foreach (var call in calls.Where(c => FlushTracker.IsFlush(c, dataFolder)))
        {
            if (call.Edge == TracedEdge.Begin)
                begun[call.Thread] = call.Time;
            else if (call.Result == 0)
                flushes.Add((begun[call.Thread], call.Time));
        }

        return flushes;
    }

    private static bool IsClient(TracedCall call, int clientPort) =>
        call.Descriptor.StartsWith(Sockets, StringComparison.Ordinal) &&
        call.Descriptor.EndsWith($":{clientPort}]", StringComparison.Ordinal);

    private static bool IsReceive(string name) => name is "read" or "recvfrom" or "recvmsg";

    private static bool IsSend(string name) => name is "write" or "writev" or "sendto" or "sendmsg";
}
