namespace Coord.StateMachine;

/// <summary>Byte strings by their content.</summary>
/// <param name="seed">Any number that clients do not know, so that they cannot choose strings that collide.</param>
internal sealed class ByteStringComparer(ulong seed) : IEqualityComparer<byte[]>,
    IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    public int GetHashCode(ReadOnlySpan<byte> alternate) => (int)FastHash.Bytes(alternate, seed);

    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
}
