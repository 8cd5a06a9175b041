using System.Buffers;

namespace Coord.StateMachine.Tests;

/// <summary>Snapshots as lists of chunks.</summary>
internal static class Snapshots
{
    public static List<byte[]> Rest(SnapshotCursor cursor, int maxZnodes = 3)
    {
        var chunks = new List<byte[]>();
        while (!cursor.IsComplete)
            chunks.Add(Next(cursor, maxZnodes));
        return chunks;
    }

    public static byte[] Next(SnapshotCursor cursor, int maxZnodes)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.Equal(!cursor.WriteNext(output, maxZnodes), cursor.IsComplete);
        return output.WrittenSpan.ToArray();
    }

    public static List<byte[]> Of(ZnodeTree tree) => Rest(tree.BeginSnapshot());

    public static ZnodeTree Load(IEnumerable<byte[]> chunks, ulong indexSeed = 77)
    {
        var (tree, fault) = TryLoad(chunks, indexSeed);
        Assert.Null(fault);
        return tree!;
    }

    public static (ZnodeTree? Tree, string? Fault) TryLoad(IEnumerable<byte[]> chunks, ulong indexSeed = 77)
    {
        var loader = new SnapshotLoader(indexSeed);
        foreach (byte[] chunk in chunks)
            loader.Add(chunk);
        var tree = loader.Complete();
        Assert.Equal(tree != null, loader.Fault == null);
        return (tree, loader.Fault);
    }
}
