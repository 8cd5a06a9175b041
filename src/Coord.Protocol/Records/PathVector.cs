namespace Coord.Protocol;

/// <summary>A vector of strings as it stands in a frame: read one after the other, copied never.</summary>
public readonly ref struct PathVector
{
    private readonly ReadOnlySpan<byte> _encoded;

    private PathVector(ReadOnlySpan<byte> encoded, int count)
    {
        _encoded = encoded;
        Count = Math.Max(count, 0);
        IsNull = count < 0;
    }

    /// <summary>How many there are; 0 also for a null vector.</summary>
    public int Count { get; }

    /// <summary>Whether the vector is null, which is not the same as empty.</summary>
    public bool IsNull { get; }

    /// <summary>Bytes of the vector.</summary>
    public int EncodedLength => sizeof(int) + _encoded.Length;

    /// <summary>Begins before the first; for <c>foreach</c>.</summary>
    public Enumerator GetEnumerator() => new(_encoded);

    /// <summary>Writes the vector as it was read.</summary>
    /// <param name="writer">Where it goes.</param>
    public void Write(scoped ref JuteWriter writer)
    {
        writer.WriteVectorCount(IsNull ? -1 : Count);
        writer.WriteRaw(_encoded);
    }

    /// <summary>Reads the vector.</summary>
    /// <param name="reader">Where it stands.</param>
    /// <param name="paths">What was read.</param>
    /// <returns>False: the bytes end too early, or a length makes no sense.</returns>
    public static bool TryRead(scoped ref JuteReader reader, out PathVector paths)
    {
        paths = default;
        if (!reader.TryReadVectorCount(out var count))
            return false;
        var start = reader.Position;
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadBuffer(out _, out _))
                return false;
        }

        paths = new PathVector(reader.Since(start), count);
        return true;
    }

    /// <summary>Goes through the strings.</summary>
    public ref struct Enumerator
    {
        private JuteReader _reader;
        private ReadOnlySpan<byte> _current;

        internal Enumerator(ReadOnlySpan<byte> encoded) => _reader = new JuteReader(encoded);

        /// <summary>UTF-8 of the string at hand.</summary>
        public readonly ReadOnlySpan<byte> Current => _current;

        /// <summary>Goes on to the next.</summary>
        /// <returns>False: there is none.</returns>
        public bool MoveNext() => _reader.TryReadBuffer(out _current, out _);
    }
}
