using System.Runtime.CompilerServices;

namespace Coord.Node.Storage;

/// <summary>
/// Where entries stand in the files: one position for every run of consecutive entries, at most some 64 KiB long. Not
/// thread-safe; <see cref="SegmentedLog"/> guards it.
/// </summary>
internal sealed class EntryPositions
{
    // Invariant: first index, segment and offset all increase from run to run, and no run begins above LastIndex.
    private readonly List<EntryRun> _runs = [];
    private readonly int _runBytes;
    private long _bytesInRun;
    private bool _mustBegin = true;

    public EntryPositions(int runBytes) => _runBytes = runBytes;

    public long LastIndex { get; private set; }

    /// <summary>Counts how often entries gave way to others.</summary>
    public long Replacements { get; private set; }

    /// <summary>The oldest entry that can be read; one above the last if none can.</summary>
    public long FirstIndex => _runs.Count == 0 ? LastIndex + 1 : _runs[0].FirstIndex;

    /// <summary>Notes an entry; it replaces every entry at and above its index (raft-design P12).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(long index, long segment, long offset, uint previousCrc, long frameBytes)
    {
        if (index <= LastIndex)
        {
            var keep = CountUpTo(index - 1);
            _runs.RemoveRange(keep, _runs.Count - keep);
            _mustBegin = true;
            Replacements++;
        }

        if (_mustBegin || _bytesInRun >= _runBytes || _runs[^1].Segment != segment)
        {
            _runs.Add(new EntryRun(index, segment, offset, previousCrc));
            _bytesInRun = 0;
            _mustBegin = false;
        }

        _bytesInRun += frameBytes;
        LastIndex = index;
    }

    /// <summary>Notes that entries follow the last one noted, without a place of their own.</summary>
    public void ExtendTo(long lastIndex) => LastIndex = lastIndex;

    /// <summary>Forgets everything; the next entry has the index after this one.</summary>
    public void Reset(long lastIndex)
    {
        _runs.Clear();
        _mustBegin = true;
        Replacements++;
        LastIndex = lastIndex;
    }

    public void DropSegmentsBefore(long segment)
    {
        var count = 0;
        while (count < _runs.Count && _runs[count].Segment < segment)
            count++;

        _runs.RemoveRange(0, count);
        _mustBegin |= _runs.Count == 0;
    }

    /// <summary>The run that holds the index, and the index at which the next one begins.</summary>
    public bool TryFind(long index, out EntryRun run, out long nextRunIndex)
    {
        run = default;
        nextRunIndex = 0;
        if (index < FirstIndex || index > LastIndex)
            return false;

        var position = CountUpTo(index) - 1;
        run = _runs[position];
        nextRunIndex = position + 1 < _runs.Count ? _runs[position + 1].FirstIndex : LastIndex + 1;
        return true;
    }

    /// <summary>The oldest run's first index from which all entries up to the last take about so many bytes.</summary>
    public long FindNewest(long bytesMax)
    {
        var position = _runs.Count - 1;
        for (long bytes = 0; position > 0; position--)
        {
            bytes += RunBytes(position);
            if (bytes + RunBytes(position - 1) > bytesMax)
                break;
        }

        return _runs[position].FirstIndex;
    }

    private long RunBytes(int position) =>
        position + 1 < _runs.Count && _runs[position + 1].Segment == _runs[position].Segment
            ? _runs[position + 1].Offset - _runs[position].Offset
            : Math.Max(_runBytes, _bytesInRun);

    /// <summary>How many runs begin at or below the index.</summary>
    private int CountUpTo(long index)
    {
        var low = 0;
        var high = _runs.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_runs[middle].FirstIndex <= index)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
