using System.Text;
using Coord.Protocol;

namespace Coord.Client;

/// <summary>
/// Encodes setWatches requests (zookeeper-protocol.md 6.6) in pieces, as one frame of all watches could be over the
/// limit.
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
        new RequestHeader(ReplyXid.SetWatches, OpCode.SetWatches).Write(ref writer);
        writer.WriteInt64(lastZxid);
        foreach (var table in (ReadOnlySpan<WatchTable>)[WatchTable.Data, WatchTable.Exist, WatchTable.Child])
        {
            writer.WriteVectorCount(watches.Count(watch => watch.Table == table));
            foreach (var (of, path) in watches)
            {
                if (of == table)
                    writer.WriteString(path);
            }
        }

        writer.Complete();
        buffer.EndFrame(start);
    }
}
