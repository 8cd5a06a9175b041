namespace Coord.StateMachine;

/// <summary>The changes of one entry, to be walked with <c>foreach</c>; valid until the next entry.</summary>
public readonly ref struct ChangeList
{
    private readonly ReadOnlySpan<ChangeRecord> _changes;
    private readonly ReadOnlySpan<byte> _paths;

    internal ChangeList(ReadOnlySpan<ChangeRecord> changes, ReadOnlySpan<byte> paths)
    {
        _changes = changes;
        _paths = paths;
    }

    /// <summary>How many there are.</summary>
    public int Count => _changes.Length;

    /// <summary>One of them.</summary>
    public ZnodeChange this[int number]
    {
        get
        {
            ref readonly var change = ref _changes[number];
            return new ZnodeChange(change.Type, _paths.Slice(change.PathOffset, change.PathLength), change.Acl);
        }
    }

    internal ref readonly ChangeRecord RecordAt(int number) => ref _changes[number];

    /// <summary>Walks them.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>Walks a <see cref="ChangeList"/>.</summary>
    public ref struct Enumerator
    {
        private readonly ChangeList _list;
        private int _number;

        internal Enumerator(ChangeList list)
        {
            _list = list;
            _number = -1;
        }

        /// <summary>The change stood at.</summary>
        public readonly ZnodeChange Current => _list[_number];

        /// <summary>Goes to the next change; false behind the last.</summary>
        public bool MoveNext() => ++_number < _list.Count;
    }
}
