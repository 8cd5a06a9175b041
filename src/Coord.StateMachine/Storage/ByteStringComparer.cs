namespace Coord.StateMachine;

/// <summary>Byte strings by their content.</summary>
internal sealed class ByteStringComparer : IEqualityComparer<byte[]>,
    IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    public static readonly ByteStringComparer Instance = new();

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    public int GetHashCode(ReadOnlySpan<byte> alternate) => (int)FastHash.Bytes(alternate, seed: 0);

    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
}
