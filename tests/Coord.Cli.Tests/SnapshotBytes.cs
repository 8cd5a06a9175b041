using System.Buffers.Binary;
using System.Text;

namespace Coord.Cli.Tests;

/// <summary>A ZooKeeper snapshot, written out by hand; as ZooKeeper 3.8 writes it.</summary>
internal sealed class SnapshotBytes
{
    private readonly List<byte> bytes = [];

    /// <summary>A small tree with one znode of each kind.</summary>
    public static byte[] OfEachKind()
    {
        var snapshot = new SnapshotBytes().Int(0x5A4B534E).Int(2).Long(-1);
        snapshot.Int(1).Long(0x1234).Int(10_000);
        snapshot.Int(1).Long(1).Int(1).Int(31).Text("world").Text("anyone");
        snapshot.Znode("", 0, 0)
            .Znode("/plain", 0, 5)
            .Znode("/container", long.MinValue, 6)
            .Znode("/timed", unchecked((long)0xFF00_0000_0000_03E8), 7)
            .Znode("/ephemeral", 0x1234, 8);
        return snapshot.Text("/").Seal();
    }

    private SnapshotBytes Znode(string path, long owner, long czxid) => Text(path).Text("data").Long(1)
        .Long(czxid).Long(20).Long(30).Long(40).Int(1).Int(2).Int(3).Long(owner).Long(50);

    private SnapshotBytes Int(int value)
    {
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(four, value);
        bytes.AddRange(four);
        return this;
    }

    private SnapshotBytes Long(long value)
    {
        Span<byte> eight = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(eight, value);
        bytes.AddRange(eight);
        return this;
    }

    private SnapshotBytes Text(string value)
    {
        Int(Encoding.UTF8.GetByteCount(value));
        bytes.AddRange(Encoding.UTF8.GetBytes(value));
        return this;
    }

    // RFC 1950: Adler-32 over everything before it. Then a path, and in later versions a digest.
    private byte[] Seal()
    {
        long low = 1, high = 0;
        foreach (var value in bytes)
        {
            low = (low + value) % 65_521;
            high = (high + low) % 65_521;
        }

        return Long((high << 16) | low).Text("/").Long(9).Int(2).Long(77).bytes.ToArray();
    }
}
