namespace Coord.Simulation.Disk;

/// <summary>
/// The bytes of a file, twice: as the process sees them, and as the platters hold them. A sector of 512 bytes is
/// written whole or not at all.
/// </summary>
internal sealed class SimulatedInode
{
    public const int SectorBytes = 512;

    private byte[] _current = [];
    private byte[] _durable = [];
    private bool[] _dirty = [];

    public int Length { get; private set; }

    public int DurableLength { get; private set; }

    public ReadOnlySpan<byte> Current => _current.AsSpan(0, Length);

    /// <summary>What would be read after a crash that loses everything unflushed.</summary>
    public ReadOnlySpan<byte> Durable => _durable.AsSpan(0, DurableLength);

    public int CountDirtySectors() => _dirty.Count(d => d);

    public SimulatedInode Clone() => new()
    {
        _current = _current.ToArray(),
        _durable = _durable.ToArray(),
        _dirty = _dirty.ToArray(),
        Length = Length,
        DurableLength = DurableLength,
    };

    public void Write(int offset, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;

        var end = offset + bytes.Length;
        Reserve(end);
        bytes.CopyTo(_current.AsSpan(offset));
        Length = Math.Max(Length, end);
        for (var sector = offset / SectorBytes; sector <= (end - 1) / SectorBytes; sector++)
            _dirty[sector] = true;
    }

    public void Truncate()
    {
        Array.Clear(_current);
        Array.Fill(_dirty, true);
        Length = 0;
    }

    /// <summary>
    /// Durable at once, the worst that it may be: whoever shortens a file that a crash brings back has lost its end.
    /// </summary>
    public void Shorten(int length)
    {
        if (length >= Length)
            return;

        Length = length;
        DurableLength = Math.Min(DurableLength, length);
        _current.AsSpan(length).Clear();
        _durable.AsSpan(length).Clear();
    }

    public void Flush()
    {
        for (var sector = 0; sector < _dirty.Length; sector++)
        {
            if (_dirty[sector])
                MakeDurable(sector);
        }

        DurableLength = Length;
    }

    /// <summary>
    /// A flush that fails (raft-design P3): what was not written is marked clean all the same, and the next flush will
    /// say that all is well.
    /// </summary>
    public void FailFlush(Func<int, bool> isWritten)
    {
        for (var sector = 0; sector < _dirty.Length; sector++)
        {
            if (_dirty[sector] && isWritten(sector))
                MakeDurable(sector);

            _dirty[sector] = false;
        }
    }

    /// <summary>Power is lost: each unflushed sector is kept or lost.</summary>
    public void Crash(Func<int, bool> isKept)
    {
        var length = DurableLength;
        for (var sector = 0; sector < _dirty.Length; sector++)
        {
            if (_dirty[sector] && isKept(sector))
            {
                MakeDurable(sector);
                length = Math.Max(length, Math.Min(Length, (sector + 1) * SectorBytes));
            }
        }

        DurableLength = length;
        Length = length;
        _durable.AsSpan().CopyTo(_current);
        _current.AsSpan(length).Clear();
    }

    /// <summary>A bit of a clean sector changes.</summary>
    public void Flip(int offset, int mask)
    {
        if (_dirty[offset / SectorBytes])
            return;

        _current[offset] ^= (byte)mask;
        _durable[offset] ^= (byte)mask;
    }

    /// <summary>A clean sector takes the content of another one.</summary>
    public void Misdirect(int to, int from)
    {
        // Zeros look like a sector that was not written when the power failed, which is no damage (raft-design P20).
        if (_dirty[to] || _dirty[from] || !_current.AsSpan(from * SectorBytes, SectorBytes).ContainsAnyExcept((byte)0))
            return;

        foreach (var bytes in new[] { _current, _durable })
            bytes.AsSpan(from * SectorBytes, SectorBytes).CopyTo(bytes.AsSpan(to * SectorBytes));
    }

    private void MakeDurable(int sector)
    {
        var bytes = _current.AsSpan(sector * SectorBytes, SectorBytes);
        bytes.CopyTo(_durable.AsSpan(sector * SectorBytes));
        _dirty[sector] = false;
    }

    private void Reserve(int length)
    {
        if (_current.Length >= length)
            return;

        var size = Math.Max(_current.Length * 2, (length + 4095) & -4096);
        Array.Resize(ref _current, size);
        Array.Resize(ref _durable, size);
        Array.Resize(ref _dirty, size / SectorBytes);
    }
}
