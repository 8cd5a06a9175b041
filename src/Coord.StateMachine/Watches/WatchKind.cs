namespace Coord.StateMachine;

/// <summary>The two tables of watches.</summary>
public enum WatchKind : byte
{
    /// <summary>Set by getData and exists.</summary>
    Data = 0,

    /// <summary>Set by getChildren and getChildren2.</summary>
    Child = 1,
}
