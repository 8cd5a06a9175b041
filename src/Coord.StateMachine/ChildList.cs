using Coord.Protocol;

namespace Coord.StateMachine;

/// <summary>
/// The names of a znode's children, read from the tree as they are asked for: valid until the next entry.
/// </summary>
public readonly ref struct ChildList
{
    private readonly ZnodeStore _store;
    private readonly int _first;
    private readonly long _nameBytes;

    internal ChildList(ZnodeStore store, int parent)
    {
        ref readonly var rare = ref store.RareOf(parent);
        _store = store;
        _first = rare.FirstChild;
        Count = rare.NumChildren;
        _nameBytes = store.ContentBytes <= uint.MaxValue ? rare.ChildNameBytes : NameBytes();
    }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>
    /// Bytes that <see cref="Write"/> writes, maybe more than any reply takes; known without walking the children
    /// of a tree of less than 4 GiB.
    /// </summary>
    public long EncodedLength => sizeof(int) + (Count == 0 ? 0 : ((long)Count * sizeof(int)) + _nameBytes);

    /// <summary>Writes them as ZooKeeper's <c>vec&lt;str&gt;</c>, in no particular order.</summary>
    public void Write(ref JuteWriter writer)
    {
        writer.WriteVectorCount(Count);
        foreach (var name in this)
            writer.WriteBuffer(name);
    }

    /// <summary>Walks the names.</summary>
    public Enumerator GetEnumerator() => new(_store, _first, Count);

    // The sum that is kept may have run over.
    private long NameBytes()
    {
        long sum = 0;
        foreach (var name in this)
            sum += name.Length;
        return sum;
    }

    /// <summary>Walks the names of a <see cref="ChildList"/>.</summary>
    public ref struct Enumerator
    {
        private readonly ZnodeStore _store;
        private int _next;
        private int _left;
        private int _current;

        internal Enumerator(ZnodeStore store, int first, int count)
        {
            _store = store;
            _next = first;
            _left = count;
            _current = Ring.None;
        }

        /// <summary>The name of the child stood at.</summary>
        public readonly ReadOnlySpan<byte> Current => _store.NameOf(_current);

        /// <summary>Goes to the next child; false behind the last.</summary>
        public bool MoveNext()
        {
            if (_left == 0)
                return false;
            _left--;
            _current = _next;
            _next = _store.Znodes[_current].Siblings.Next;
            return true;
        }
    }
}
