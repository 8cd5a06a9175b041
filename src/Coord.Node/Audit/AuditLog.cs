using System.Threading.Channels;
using Coord.Node.Clients;
using Coord.Protocol;
using Coord.StateMachine;
using Microsoft.Extensions.Logging;

namespace Coord.Node.Audit;

/// <summary>
/// Who connected, who was turned away, and who changed ACLs, quotas and the membership (ZooKeeper's audit.enable). Who
/// notes something goes on at once; lines are written elsewhere, from a queue that is bounded in lines and bytes. What
/// does not fit, or cannot be written, is lost, counted, and told.
/// </summary>
internal sealed class AuditLog : IDisposable
{
    /// <summary>An identity that was refused, or not shown where it had to be.</summary>
    public const string Authenticate = "authenticate";

    /// <summary>A session that its client ended.</summary>
    public const string CloseSession = "closeSession";

    private const string TooFast = "they came faster than they were written";

    private readonly Channel<AuditEvent> queue;
    private readonly long queueBytesMax;
    private readonly ILogger logger;
    private readonly Task writing;
    private long queuedBytes;
    private long lost;
    private string? failure;

    public AuditLog(NodeLimits limits, ILogger logger)
    {
        this.logger = logger;
        queueBytesMax = limits.AuditQueueBytesMax;
        queue = Channel.CreateBounded<AuditEvent>(
            new BoundedChannelOptions(limits.AuditQueueMax) { SingleReader = true });
        writing = Task.Run(WriteAsync);
    }

    /// <summary>Notes something, by any thread.</summary>
    public void Note(in AuditEvent audited)
    {
        if (Interlocked.Add(ref queuedBytes, audited.Bytes) <= queueBytesMax && queue.Writer.TryWrite(audited))
            return;
        Interlocked.Add(ref queuedBytes, -audited.Bytes);
        Interlocked.Increment(ref lost);
    }

    /// <summary>Notes something about a session.</summary>
    public void Session(ClientSession session, string operation, bool isSuccess) =>
        Note(new AuditEvent(session.Id, session.Identities, operation, isSuccess));

    /// <summary>Notes a handshake that was decided.</summary>
    public void Handshake(ClientSession session, ApplyResult result) => Session(
        session, result.SessionEffect == SessionEffect.Created ? "connect" : "reattach", result.AttachedSession != 0);

    /// <summary>Notes a write that was applied, if it is of those that are audited.</summary>
    public void Write(ClientSession session, in PendingRequest request, ApplyResult result)
    {
        // An aborted multi is answered well, and changes nothing (zookeeper-protocol 2.4).
        var isDone = result.Error == ErrorCode.Ok && (!result.IsAborted);
        if (request.Op == OpCode.CloseSession)
        {
            Session(session, CloseSession, isDone);
            return;
        }

        var found = AuditedWrites.In(request.Op, request.Body.Span);
        if (found is [])
            return;
        if (request.Op == OpCode.Multi && !isDone)
        {
            Session(session, "multiOperation", isSuccess: false);
            return;
        }

        foreach (var write in found)
        {
            Note(new AuditEvent(session.Id, session.Identities, write.Operation, isDone)
            {
                Path = write.Path,
                Acl = write.Acl,
            });
        }
    }

    /// <summary>Writes what is still queued, and ends.</summary>
    public void Dispose()
    {
        queue.Writer.TryComplete();
        writing.Wait();
    }

    private async Task WriteAsync()
    {
        while (await queue.Reader.WaitToReadAsync())
        {
            while (queue.Reader.TryRead(out var audited))
            {
                Interlocked.Add(ref queuedBytes, -audited.Bytes);
                Write(audited);
            }

            TellLost();
        }
    }

    private void Write(in AuditEvent audited)
    {
        try
        {
            AuditLines.Audited(logger, AuditText.Of(audited));
        }
        catch (Exception e)
        {
            // Whatever it was, the next line may go well: an end here would be the end of the audit log.
            failure = e.Message;
            Interlocked.Increment(ref lost);
        }
    }

    private void TellLost()
    {
        var missing = Interlocked.Exchange(ref lost, 0);
        if (missing == 0)
            return;
        try
        {
            AuditLines.Lost(logger, missing, failure ?? TooFast);
            failure = null;
        }
        catch (Exception)
        {
            // Told with the next line that can be written.
            Interlocked.Add(ref lost, missing);
        }
    }
}
