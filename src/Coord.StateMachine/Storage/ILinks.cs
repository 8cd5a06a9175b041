namespace Coord.StateMachine;

/// <summary>Where the slots of a table keep their link of one kind of ring.</summary>
internal interface ILinks
{
    ref Link At(int slot);
}
