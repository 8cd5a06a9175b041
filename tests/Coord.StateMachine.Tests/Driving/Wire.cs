using System.Buffers.Binary;
using System.Text;
using Coord.Protocol;

namespace Coord.StateMachine.Tests;

/// <summary>ZooKeeper's encoding, written out once more: the tests do not rely on the code under test for it.</summary>
internal sealed class Wire
{
    private readonly List<byte> _bytes = [];

    public byte[] ToArray() => [.. _bytes];

    public Wire Int(int value)
    {
        byte[] four = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(four, value);
        _bytes.AddRange(four);
        return this;
    }

    public Wire Long(long value)
    {
        byte[] eight = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(eight, value);
        _bytes.AddRange(eight);
        return this;
    }

    public Wire Bool(bool value)
    {
        _bytes.Add(value ? (byte)1 : (byte)0);
        return this;
    }

    public Wire Text(string? value) => value == null ? Int(-1) : Bytes(Encoding.UTF8.GetBytes(value));

    public Wire Bytes(byte[] value)
    {
        Int(value.Length);
        _bytes.AddRange(value);
        return this;
    }

    public Wire Raw(byte[] value)
    {
        _bytes.AddRange(value);
        return this;
    }

    /// <summary>An ACL list; null for a null list.</summary>
    public Wire Acl(params (int Permissions, string? Scheme, string? Id)[]? entries)
    {
        Int(entries?.Length ?? -1);
        foreach (var (permissions, scheme, id) in entries ?? [])
            Int(permissions).Text(scheme).Text(id);
        return this;
    }

    public static (int Permissions, string? Scheme, string? Id)[] ReadAcl(ReadOnlySpan<byte> encoded)
    {
        var entries = new (int, string?, string?)[BinaryPrimitives.ReadInt32BigEndian(encoded)];
        encoded = encoded[4..];
        foreach (ref var entry in entries.AsSpan())
        {
            int permissions = BinaryPrimitives.ReadInt32BigEndian(encoded);
            encoded = encoded[4..];
            string scheme = ReadText(ref encoded);
            entry = (permissions, scheme, ReadText(ref encoded));
        }

        return entries;
    }

    public static string ReadText(ref ReadOnlySpan<byte> bytes)
    {
        int length = BinaryPrimitives.ReadInt32BigEndian(bytes);
        string text = Encoding.UTF8.GetString(bytes.Slice(4, length));
        bytes = bytes[(4 + length)..];
        return text;
    }

    public Wire OpenAcl() => Acl((31, "world", "anyone"));

    public Wire MultiHeader(int type, bool isDone, int error) => Int(type).Bool(isDone).Int(error);

    public Wire Stat(Stat stat) => Long(stat.Czxid).Long(stat.Mzxid).Long(stat.Ctime).Long(stat.Mtime)
        .Int(stat.Version).Int(stat.Cversion).Int(stat.Aversion).Long(stat.EphemeralOwner).Int(stat.DataLength)
        .Int(stat.NumChildren).Long(stat.Pzxid);
}
