using Coord.Node.Storage;
using Microsoft.AspNetCore.Http;

namespace Coord.Node.Admin.Commands;

/// <summary>
/// <c>GET /commands/snapshot</c>: sends the newest snapshot of this node as its file is, after taking one where the
/// tree has changed since. For keeping and for a look at it, by the super user (zookeeper-protocol 10.4).
/// </summary>
/// <param name="facts">What the node tells.</param>
/// <param name="superUser">Who may; nobody when null.</param>
/// <param name="snapshots">The files, and the order to take one; null before there is a replica.</param>
internal sealed class SnapshotStream(NodeFacts facts, SuperUser? superUser, Func<SnapshotFiles?> snapshots)
{
    public const string Path = "/commands/snapshot";
    public const string Alias = "/commands/snap";

    private const int BufferBytes = 64 * 1024;

    // A snapshot of a large tree takes minutes at the rate that leaves the disk to the log.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    private int isUnderWay;

    /// <summary>Answers with the file, or why not; true when it was sent.</summary>
    public async Task<bool> AnswerAsync(HttpContext context)
    {
        var refusal = AdminAccess.Refusal(context.Request, "snapshot", superUser);
        if (refusal is null && snapshots() is null)
            refusal = Refused(StatusCodes.Status503ServiceUnavailable, NodeFacts.NotServing);

        // One at a time: each is a whole tree on the disk and on the network.
        if (refusal is null && Interlocked.Exchange(ref isUnderWay, 1) == 1)
            refusal = Refused(StatusCodes.Status429TooManyRequests, "a snapshot is being sent; ask again later");
        if (refusal is not null)
        {
            await refusal.WriteAsync(context);
            return false;
        }

        try
        {
            return await SendAsync(context, snapshots()!);
        }
        finally
        {
            Volatile.Write(ref isUnderWay, 0);
        }
    }

    private async Task<bool> SendAsync(HttpContext context, SnapshotFiles files)
    {
        if (!await TakeAsync(files, context.RequestAborted) || files.OpenNewest() is not { } source)
        {
            await Refused(StatusCodes.Status503ServiceUnavailable, "no snapshot could be taken; see the node's log")
                .WriteAsync(context);
            return false;
        }

        using (source)
        {
            var response = context.Response;
            response.ContentType = "application/octet-stream";
            response.Headers["last_zxid"] = $"0x{source.Snapshot.Id.Index.Value:x}";
            response.Headers["snapshot_size"] = $"{source.Snapshot.Length}";
            if (HttpMethods.IsHead(context.Request.Method) || context.Request.Query["streaming"] == "false")
                return true;
            response.ContentLength = source.Snapshot.Length;
            await CopyAsync(source, response.Body, context.RequestAborted);
            return true;
        }
    }

    // What the newest snapshot holds already need not be taken again.
    private async Task<bool> TakeAsync(SnapshotFiles files, CancellationToken aborted)
    {
        var wanted = facts.Status().AppliedIndex;
        if (facts.Status().SnapshotIndex >= wanted)
            return true;
        files.TakeOne();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        patience.CancelAfter(Patience);
        while (facts.Status().SnapshotIndex < wanted)
        {
            if (patience.IsCancellationRequested)
                return false;
            await Task.Delay(LookEvery, CancellationToken.None);
        }

        return true;
    }

    private static async Task CopyAsync(SnapshotSource source, Stream body, CancellationToken aborted)
    {
        var buffer = new byte[BufferBytes];
        for (long offset = 0; offset < source.Snapshot.Length;)
        {
            var read = source.Read(offset, buffer);
            if (read == 0)
                throw new IOException("The snapshot ends too early.");
            await body.WriteAsync(buffer.AsMemory(0, read), aborted);
            offset += read;
        }
    }

    private static AdminReply Refused(int code, string why) => AdminReply.Outcome(code, "snapshot", "refused", why);
}
