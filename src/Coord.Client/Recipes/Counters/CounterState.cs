namespace Coord.Client.Recipes;

/// <summary>A counter as read: its bytes, and which incarnation and version of the znode they are of.</summary>
/// <param name="Bytes">Value and tags.</param>
/// <param name="Czxid">Creation of the znode; 0 when it is missing.</param>
/// <param name="Version">Its version.</param>
/// <param name="IsCurrent">Whether it was read linearizably during the present turn, so that it can be answered
/// from.</param>
internal sealed record CounterState(CounterBytes Bytes, long Czxid, int Version, bool IsCurrent)
{
    internal bool IsMissing => Czxid == 0;
}
