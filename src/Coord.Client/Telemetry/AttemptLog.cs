using System.Diagnostics;
using Coord.Protocol;

namespace Coord.Client;

/// <summary>
/// When a traced request was sent, to whom, and when its connection broke. Written under the outbox's lock and read
/// once the request has ended.
/// </summary>
internal sealed class AttemptLog
{
    private readonly Lock gate = new();
    private readonly List<Attempt> attempts = [];

    internal void Begin(Endpoint server)
    {
        lock (gate)
            attempts.Add(new Attempt(server, DateTime.UtcNow, null));
    }

    /// <summary>The connection broke under the attempt; one that had not left is none.</summary>
    internal void Lose(bool wasSent)
    {
        lock (gate)
        {
            if (wasSent)
                attempts[^1] = attempts[^1] with { LostAt = DateTime.UtcNow };
            else
                attempts.RemoveAt(attempts.Count - 1);
        }
    }

    /// <summary>Makes a span of each attempt.</summary>
    /// <param name="call">The call they belong to.</param>
    /// <param name="op">What was sent.</param>
    /// <param name="end">How the last one ended.</param>
    internal void Report(Activity call, OpCode op, RequestEnd end)
    {
        Attempt[] all;
        lock (gate)
            all = [.. attempts];
        foreach (var attempt in all)
            Report(call, op, attempt, attempt.LostAt is null ? end : RequestEnd.ConnectionLost);
    }

    private static void Report(Activity call, OpCode op, Attempt attempt, RequestEnd end)
    {
        var activity = ClientTracing.Start(
            $"coord {NameOf(op)} attempt", ActivityKind.Client, call.Context, attempt.Began);
        activity?.SetTag("server.address", attempt.Server.Host).SetTag("server.port", attempt.Server.Port);
        if (end != RequestEnd.Answered)
            activity?.SetTag("error.type", ErrorTypeOf(end)).SetStatus(ActivityStatusCode.Error);
        ClientTracing.Stop(activity?.SetEndTime(attempt.LostAt ?? DateTime.UtcNow));
    }

    private static string ErrorTypeOf(RequestEnd end) =>
        end == RequestEnd.ConnectionLost ? nameof(ErrorCode.ConnectionLoss) : end.ToString();

    private static string NameOf(OpCode op) => op switch
    {
        OpCode.Create or OpCode.Create2 or OpCode.CreateContainer or OpCode.CreateTtl
            or OpCode.CreateRank => "create",
        OpCode.Delete => "delete",
        OpCode.Exists => "exists",
        OpCode.GetData => "get",
        OpCode.SetData => "set",
        OpCode.GetAcl => "get_acl",
        OpCode.SetAcl => "set_acl",
        OpCode.GetChildren or OpCode.GetChildren2 => "get_children",
        OpCode.Sync => "sync",
        OpCode.Multi => "multi",
        OpCode.Once => "once",
        OpCode.RaiseChildCounter => "raise_child_counter",
        _ => op.ToString(),
    };

    private readonly record struct Attempt(Endpoint Server, DateTime Began, DateTime? LostAt);
}
