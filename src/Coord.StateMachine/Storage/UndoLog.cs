namespace Coord.StateMachine;

/// <summary>What a multi has done so far, to be taken back in reverse order if one of its operations fails.</summary>
internal sealed class UndoLog
{
    private readonly List<Step> _steps = [];

    /// <summary>The kinds of change.</summary>
    internal enum Kind
    {
        Created,
        Deleted,
        DataSet,
    }

    /// <summary>Whether changes must be noted: a multi is under way.</summary>
    public bool IsOpen { get; private set; }

    public IReadOnlyList<Step> Steps => _steps;

    public void Open() => IsOpen = true;

    public void Close()
    {
        IsOpen = false;
        _steps.Clear();
    }

    /// <summary>A znode was created; its parent's pzxid was another.</summary>
    public void NoteCreated(int slot, long parentPzxid)
    {
        if (IsOpen)
            _steps.Add(new Step(Kind.Created, slot, parentPzxid, default));
    }

    /// <summary>A znode was detached; its parent's pzxid was another.</summary>
    public void NoteDeleted(int slot, long parentPzxid) =>
        _steps.Add(new Step(Kind.Deleted, slot, parentPzxid, default));

    /// <summary>Data was exchanged; <paramref name="before"/> is the znode as it was.</summary>
    public void NoteDataSet(int slot, in Znode before) =>
        _steps.Add(new Step(Kind.DataSet, slot, 0, before));

    /// <summary>One change.</summary>
    /// <param name="Kind">What was done.</param>
    /// <param name="Slot">To which znode.</param>
    /// <param name="ParentPzxid">For created and deleted ones: the parent's pzxid before.</param>
    /// <param name="Before">For data: the znode before.</param>
    internal readonly record struct Step(Kind Kind, int Slot, long ParentPzxid, Znode Before);
}
