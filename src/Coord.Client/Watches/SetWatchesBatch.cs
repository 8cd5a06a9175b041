using System.Text;
using Coord.Protocol;

namespace Coord.Client;

/// <summary>
/// Encodes setWatches and setWatches2 requests (zookeeper-protocol.md 6.6) in pieces, as one frame of all watches could
/// be over the limit, and watch-from.
/// </summary>
internal static class SetWatchesBatch
{
    // Java's client cuts at the same size (ZOOKEEPER-706).
    private const int PathBytesMax = 128 * 1024;

    /// <returns>How many requests were appended.</returns>
    internal static int Append(SendBuffer buffer, long lastZxid, List<(WatchTable Table, string Path)> watches)
    {
        var count = 0;
        for (var first = 0; first < watches.Count; count++)
        {
            var last = EndOfPiece(watches, first);
            AppendPiece(buffer, lastZxid, watches[first..last]);
            first = last;
        }

        return count;
    }

    /// <summary>Asks for what the watches that stay have missed, and sets them.</summary>
    /// <returns>False: they are too many for one request, and nothing was appended.</returns>
    internal static bool TryAppend(SendBuffer buffer, MissedPast past)
    {
        if (past.Paths.Sum(Encoding.UTF8.GetByteCount) > PathBytesMax)
            return false;
        var start = buffer.BeginFrame();
        var writer = new JuteWriter(buffer);
        new RequestHeader(Handshake.PastXid, OpCode.WatchFrom).Write(ref writer);
        writer.WriteInt64(past.After);
        writer.WriteVectorCount(0);
        writer.WriteVectorCount(past.Paths.Count);
        foreach (var path in past.Paths)
            writer.WriteString(path);
        writer.Complete();
        buffer.EndFrame(start);
        return true;
    }

    private static void AppendList(
        ref JuteWriter writer, List<(WatchTable Table, string Path)> watches, WatchTable table)
    {
        writer.WriteVectorCount(watches.Count(watch => watch.Table == table));
        foreach (var (of, path) in watches)
        {
            if (of == table)
                writer.WriteString(path);
        }
    }

    private static int EndOfPiece(List<(WatchTable Table, string Path)> watches, int first)
    {
        var bytes = 0;
        var last = first;
        while (last < watches.Count && (last == first || bytes < PathBytesMax))
            bytes += Encoding.UTF8.GetByteCount(watches[last++].Path);
        return last;
    }

    private static void AppendPiece(SendBuffer buffer, long lastZxid, List<(WatchTable Table, string Path)> watches)
    {
        var start = buffer.BeginFrame();
        var writer = new JuteWriter(buffer);
        var hasRecursive = watches.Exists(static watch => watch.Table == WatchTable.Recursive);
        var op = hasRecursive ? OpCode.SetWatches2 : OpCode.SetWatches;
        new RequestHeader(ReplyXid.SetWatches, op).Write(ref writer);
        writer.WriteInt64(lastZxid);
        foreach (var table in (ReadOnlySpan<WatchTable>)[WatchTable.Data, WatchTable.Exist, WatchTable.Child])
            AppendList(ref writer, watches, table);
        if (hasRecursive)
        {
            // Persistent ones that are not recursive: this client has none.
            writer.WriteVectorCount(0);
            AppendList(ref writer, watches, WatchTable.Recursive);
        }

        writer.Complete();
        buffer.EndFrame(start);
    }
}
