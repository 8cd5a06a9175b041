namespace Coord.StateMachine;

/// <summary>
/// How an entry was taken. All but <see cref="Applied"/> changed nothing (the origin's sequence apart).
/// </summary>
public enum ApplyOutcome
{
    /// <summary>It ran; whether it succeeded says its error code.</summary>
    Applied,

    /// <summary>The origin's sequence was applied before.</summary>
    Repeat,

    /// <summary>The origin's sequence is from the future: something was lost before it.</summary>
    Gap,

    /// <summary>The session lives on another connection by now ("session moved"): close this one.</summary>
    Moved,

    /// <summary>There is no such session.</summary>
    NoSession,
}
