namespace Coord.StateMachine;

/// <summary>
/// A fact about the state that must always hold does not: this node may differ from the others and has to stop (exit
/// code 70). Never caught to go on.
/// </summary>
public sealed class StateCorruptException : Exception
{
    /// <summary>A violation without words; use the other constructor.</summary>
    public StateCorruptException()
    {
    }

    /// <summary>A violation, told by <paramref name="message"/>.</summary>
    public StateCorruptException(string message)
        : base(message)
    {
    }

    /// <summary>
    /// A violation, told by <paramref name="message"/>, found through <paramref name="innerException"/>.
    /// </summary>
    public StateCorruptException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
