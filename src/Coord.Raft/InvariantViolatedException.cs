namespace Coord.Raft;


/// <summary>
/// Something that must always hold does not: this node may have diverged and has to stop (exit code 70). Never caught
/// to go on.
/// </summary>
public sealed class InvariantViolatedException : Exception
{
    /// <summary>A violation without words; use the other constructor.</summary>
    public InvariantViolatedException()
    {
    }

    /// <summary>A violation, told by <paramref name="message"/>.</summary>
    public InvariantViolatedException(string message)
        : base(message)
    {
    }

    /// <summary>
    /// A violation, told by <paramref name="message"/>, found through <paramref name="innerException"/>.
    /// </summary>
    public InvariantViolatedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
