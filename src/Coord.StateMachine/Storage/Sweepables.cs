namespace Coord.StateMachine;

/// <summary>
/// The slots of all containers and znodes with a time to live, so that a sweep needs not walk the tree. They can be
/// looked at a few at a time: one that is added is last, and the last takes the place of one that is removed.
/// </summary>
internal sealed class Sweepables
{
    private readonly List<int> _slots = [];
    private readonly Dictionary<int, int> _places = [];

    public int Count => _slots.Count;

    public int this[int place] => _slots[place];

    public void Add(int slot)
    {
        _places.Add(slot, _slots.Count);
        _slots.Add(slot);
    }

    public void Remove(int slot)
    {
        _places.Remove(slot, out int place);
        int last = _slots[^1];
        _slots.RemoveAt(_slots.Count - 1);
        if (last == slot)
            return;
        _slots[place] = last;
        _places[last] = place;
    }
}
