using System.Numerics;
using System.Runtime.CompilerServices;

namespace Coord.StateMachine;

/// <summary>
/// A hash index from a 32-bit hash to numbers kept elsewhere, by extendible hashing: a directory of small
/// open-addressed segments, of which one is split when it is full. No insertion ever moves more than one segment, so
/// growing costs microseconds at any size. The caller compares keys.
/// </summary>
internal sealed class HashDirectory
{
    private const int SegmentBits = 10;
    private const int SegmentLength = 1 << SegmentBits;
    private const int SplitAt = SegmentLength * 13 / 16;
    private const int DepthMax = 32 - SegmentBits;
    private const int DepthTolerance = 6;
    private const int OrderBits = 12;

    private Segment[] _directory = [new Segment(SegmentLength, depth: 0)];
    private int _depth;
    private int _reserved;

    /// <summary>Entries in the index.</summary>
    public int Count { get; private set; }

    /// <summary>Places in the order of the segments that they belong to: added so, few are used at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static PathPlace[] Ordered(ReadOnlySpan<PathPlace> places)
    {
        Span<int> next = stackalloc int[(1 << OrderBits) + 1];
        next.Clear();
        foreach (ref readonly var place in places)
            next[(int)(place.Hash >> (32 - OrderBits)) + 1]++;
        for (int i = 1; i < next.Length; i++)
            next[i] += next[i - 1];

        var ordered = GC.AllocateUninitializedArray<PathPlace>(places.Length);
        foreach (ref readonly var place in places)
            ordered[next[(int)(place.Hash >> (32 - OrderBits))]++] = place;
        return ordered;
    }

    /// <summary>Makes an empty index as large as it will be anyway with so many entries.</summary>
    public void Reserve(int count)
    {
        Invariant.Require(Count == 0, "Room is made before the first entry.");
        _reserved = count;
        if (count < SplitAt)
            return;
        _depth = Math.Min(DepthMax, BitOperations.Log2((uint)(count / SplitAt)) + 1);
        _directory = new Segment[1 << _depth];
        for (int i = 0; i < _directory.Length; i++)
            _directory[i] = new Segment(SegmentLength, _depth);
    }

    /// <summary>A search for all numbers under <paramref name="hash"/>.</summary>
    public Search Find(uint hash) => new(SegmentOf(hash), hash);

    /// <summary>
    /// Adds <paramref name="number"/> under <paramref name="hash"/>; equal pairs are not looked for. True when there
    /// was a number under this hash already.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Add(uint hash, int number)
    {
        var segment = SegmentOf(hash);
        while (segment.IsFull)
        {
            Relieve(segment, hash);
            segment = SegmentOf(hash);
        }

        Count++;
        return segment.Insert(Entry(hash, number));
    }

    /// <summary>Removes the pair; it must be there.</summary>
    public void Remove(uint hash, int number)
    {
        Invariant.Require(SegmentOf(hash).TryRemove(Entry(hash, number)), "What leaves an index was in it.");
        Count--;
    }

    // Never zero, which marks a free cell.
    private static ulong Entry(uint hash, int number) => (ulong)hash << 32 | (uint)(number + 1);

    // The directory uses the hash's high bits, the place within a segment its low bits.
    private Segment SegmentOf(uint hash) => _directory[(int)((ulong)hash >> (32 - _depth))];

    private void Relieve(Segment segment, uint hash)
    {
        if (segment.Depth >= DepthLimit())
        {
            // Only hundreds of equal hashes lead here: such a segment grows instead of splitting for ever.
            Replace(segment, hash, segment.Enlarged());
            return;
        }

        if (segment.Depth == _depth)
            DoubleDirectory();
        Split(segment, hash);
    }

    // Segments split about evenly; one much deeper than the rest holds hashes that no split would part.
    private int DepthLimit() =>
        Math.Min(DepthMax, BitOperations.Log2((uint)(Math.Max(Count, _reserved) / SegmentLength) + 1) + DepthTolerance);

    private void DoubleDirectory()
    {
        var doubled = new Segment[_directory.Length * 2];
        for (int i = 0; i < doubled.Length; i++)
            doubled[i] = _directory[i / 2];
        _directory = doubled;
        _depth++;
    }

    private void Split(Segment segment, uint hash)
    {
        int depth = segment.Depth + 1;
        var low = new Segment(segment.Length, depth);
        var high = new Segment(segment.Length, depth);
        segment.Distribute(low, high);
        var (first, count) = Range(hash, segment.Depth);
        _directory.AsSpan(first, count / 2).Fill(low);
        _directory.AsSpan(first + (count / 2), count / 2).Fill(high);
    }

    private void Replace(Segment segment, uint hash, Segment by)
    {
        var (first, count) = Range(hash, segment.Depth);
        _directory.AsSpan(first, count).Fill(by);
    }

    // The directory's cells that share the first `depth` bits of the hash.
    private (int First, int Count) Range(uint hash, int depth)
    {
        int count = 1 << (_depth - depth);
        int cell = (int)((ulong)hash >> (32 - _depth));
        return (cell & ~(count - 1), count);
    }

    /// <summary>Walks the numbers that share one hash.</summary>
    public ref struct Search
    {
        private readonly ReadOnlySpan<ulong> _entries;
        private readonly uint _hash;
        private int _place;

        internal Search(Segment segment, uint hash)
        {
            _entries = segment.Entries;
            _hash = hash;
            _place = (int)hash & (_entries.Length - 1);
        }

        /// <summary>The next number, or false when there is no more.</summary>
        public bool TryNext(out int number)
        {
            var entries = _entries;
            while ((uint)_place < (uint)entries.Length)
            {
                ulong entry = entries[_place];
                _place = (_place + 1) & (entries.Length - 1);
                if (entry == 0)
                    break;
                if ((uint)(entry >> 32) == _hash)
                {
                    number = (int)(uint)entry - 1;
                    return true;
                }
            }

            number = -1;
            return false;
        }
    }

    /// <summary>A small hash table with linear probing and no tombstones.</summary>
    internal sealed class Segment(int length, int depth)
    {
        private readonly ulong[] _entries = new ulong[length];
        private int _count;

        public ReadOnlySpan<ulong> Entries => _entries;

        public int Length => _entries.Length;

        public int Depth => depth;

        public bool IsFull => _count >= _entries.Length / SegmentLength * SplitAt;

        /// <summary>Puts an entry in; true when it passed one with the same hash, which shares its home.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public bool Insert(ulong entry)
        {
            bool isHashThere = false;
            int place = Home(entry);
            for (ulong other = _entries[place]; other != 0; other = _entries[place])
            {
                isHashThere |= other >> 32 == entry >> 32;
                place = (place + 1) & (_entries.Length - 1);
            }

            _entries[place] = entry;
            _count++;
            return isHashThere;
        }

        public bool TryRemove(ulong entry)
        {
            int place = Home(entry);
            while (_entries[place] != entry)
            {
                if (_entries[place] == 0)
                    return false;
                place = (place + 1) & (_entries.Length - 1);
            }

            CloseGap(place);
            _count--;
            return true;
        }

        public void Distribute(Segment low, Segment high)
        {
            foreach (ulong entry in _entries)
            {
                if (entry != 0)
                    (((entry >> (63 - depth)) & 1) == 0 ? low : high).Insert(entry);
            }
        }

        public Segment Enlarged()
        {
            var larger = new Segment(_entries.Length * 2, depth);
            foreach (ulong entry in _entries)
            {
                if (entry != 0)
                    larger.Insert(entry);
            }

            return larger;
        }

        // Moves later entries of the run up, so that no search stops too early.
        private void CloseGap(int gap)
        {
            int mask = _entries.Length - 1;
            for (int place = (gap + 1) & mask; _entries[place] != 0; place = (place + 1) & mask)
            {
                int home = Home(_entries[place]);
                if (((place - home) & mask) < ((place - gap) & mask))
                    continue;
                _entries[gap] = _entries[place];
                gap = place;
            }

            _entries[gap] = 0;
        }

        private int Home(ulong entry) => (int)(entry >> 32) & (_entries.Length - 1);
    }
}
