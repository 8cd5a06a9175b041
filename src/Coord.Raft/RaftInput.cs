namespace Coord.Raft;


/// <summary>
/// A fact or a wish from outside, stepped into the core in the order of raft-design A3: ticks last.
/// </summary>
public abstract record RaftInput
{
    private protected RaftInput()
    {
    }
}
