namespace Coord.StateMachine;

/// <summary>A running hash over words and byte strings, in their order.</summary>
internal struct Digest(ulong seed)
{
    private const ulong Spread = 0xD6E8_FEB8_6659_FD93;

    private ulong _state = FastHash.Mix(seed ^ Spread, Spread);

    /// <summary>The hash of everything added.</summary>
    public readonly ulong Value => _state;

    /// <summary>Adds one word.</summary>
    public void Add(long word) => _state = FastHash.Mix(_state ^ (ulong)word, Spread) + (ulong)word;

    /// <summary>Adds a byte string with its length.</summary>
    public void Add(ReadOnlySpan<byte> bytes) => Add((long)FastHash.Bytes(bytes, _state));
}
