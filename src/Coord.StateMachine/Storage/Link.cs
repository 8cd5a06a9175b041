namespace Coord.StateMachine;

/// <summary>A slot's place in a ring of slots.</summary>
internal struct Link
{
    public int Next;
    public int Previous;
}
