namespace Coord.StateMachine;

/// <summary>
/// Each distinct ACL list once, in its encoded form, by a small number that znodes hold. Lists that no znode holds any
/// more are forgotten.
/// </summary>
internal sealed class AclTable
{
    /// <summary>world:anyone with all permissions.</summary>
    public const int Open = 0;

    /// <summary>world:anyone, read only.</summary>
    public const int ReadOnly = 1;

    private readonly List<Item> _items = [];
    private readonly Dictionary<byte[], int> _numbers;
    private readonly Stack<int> _free = [];

    /// <param name="seed">Any number that clients do not know, so that they cannot choose lists that collide.</param>
    public AclTable(ulong seed)
    {
        _numbers = new(new ByteStringComparer(seed));
        _items.Add(Item.Of(WorldAnyone(31)));
        _items.Add(Item.Of(WorldAnyone(1)));
        for (int i = 0; i < _items.Count; i++)
            _numbers.Add(_items[i].Encoded!, i);
    }

    /// <summary>How encoded lists and entries are told apart.</summary>
    public IEqualityComparer<byte[]> Comparer => _numbers.Comparer;

    /// <summary>All numbers given are below this.</summary>
    public int End => _items.Count;

    /// <summary>The list as ZooKeeper encodes it, <c>vec&lt;ACL&gt;</c>; empty for a number not in use.</summary>
    public ReadOnlySpan<byte> Encoded(int number) => _items[number].Encoded;

    /// <summary>The same as an array that is never written again; null for a number not in use.</summary>
    public byte[]? EncodedArray(int number) => _items[number].Encoded;

    /// <summary>A hash of the list, for content hashes.</summary>
    public ulong Hash(int number) => _items[number].Hash;

    /// <summary>The number of a list, with one more znode holding it.</summary>
    public int Hold(ReadOnlySpan<byte> encoded)
    {
        if (TryHoldKnown(encoded, out int number))
            return number;
        number = Add(encoded.ToArray());
        HoldAgain(number);
        return number;
    }

    /// <summary>The same for a list that is kept already, in exactly this encoding.</summary>
    public bool TryHoldKnown(ReadOnlySpan<byte> encoded, out int number)
    {
        number = Open;
        if (encoded.SequenceEqual(_items[Open].Encoded))
            return true;
        if (!_numbers.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(encoded, out number))
            return false;
        HoldAgain(number);
        return true;
    }

    /// <summary>One more znode holds the list.</summary>
    public void HoldAgain(int number)
    {
        if (number > ReadOnly)
            _items[number] = _items[number] with { Holders = _items[number].Holders + 1 };
    }

    /// <summary>One znode holds the list no longer.</summary>
    public void Release(int number)
    {
        if (number <= ReadOnly)
            return;

        var item = _items[number];
        _items[number] = item with { Holders = item.Holders - 1 };
        if (item.Holders > 1)
            return;
        _numbers.Remove(item.Encoded!);
        _items[number] = default;
        _free.Push(number);
    }

    private int Add(byte[] encoded)
    {
        if (!_free.TryPop(out int number))
        {
            number = _items.Count;
            _items.Add(default);
        }

        _items[number] = Item.Of(encoded);
        _numbers.Add(encoded, number);
        return number;
    }

    private static byte[] WorldAnyone(byte permissions) =>
        [0, 0, 0, 1, 0, 0, 0, permissions, 0, 0, 0, 5, .. "world"u8, 0, 0, 0, 6, .. "anyone"u8];

    private readonly record struct Item(byte[]? Encoded, ulong Hash, int Holders)
    {
        public static Item Of(byte[] encoded) => new(encoded, FastHash.Bytes(encoded, seed: 0), Holders: 0);
    }
}
