using Coord.Protocol;

namespace Coord.Client.Recipes;

/// <summary>A counter as read: its bytes, and which incarnation and version of the znode they are of.</summary>
/// <param name="Bytes">Value and last writes.</param>
/// <param name="Stat">Of the znode; zeros when it is missing.</param>
/// <param name="IsCurrent">Whether it was read linearizably during the present turn, so that it can be answered
/// from.</param>
internal sealed record CounterState(CounterBytes Bytes, Stat Stat, bool IsCurrent)
{
    internal bool IsMissing => Stat.Czxid == 0;

    internal long Czxid => Stat.Czxid;

    internal int Version => Stat.Version;
}
