using Coord.Protocol;

namespace Coord.Client;

/// <summary>
/// Base of everything that the cluster or the way to it can answer. Caller mistakes are
/// <see cref="ArgumentException"/>s instead.
/// </summary>
public class CoordException : Exception
{
    /// <summary>Makes an exception of the family.</summary>
    /// <param name="message">One sentence for a person.</param>
    /// <param name="code">The server's error code, or the client-side code that fits.</param>
    /// <param name="path">The path concerned as the caller sees it (without chroot), or null.</param>
    /// <param name="outcome">Whether the operation may have happened.</param>
    /// <param name="isTransient">Whether the same call can succeed later.</param>
    /// <param name="inner">The cause, or null.</param>
    public CoordException(
        string message,
        ErrorCode code,
        string? path = null,
        Outcome outcome = Outcome.NotApplied,
        bool isTransient = false,
        Exception? inner = null)
        : base(message, inner)
    {
        Code = code;
        Path = path;
        Outcome = outcome;
        IsTransient = isTransient;
    }

    /// <summary>The error code: the server's, or for errors made by the client the one ZooKeeper clients use.</summary>
    public ErrorCode Code { get; }

    /// <summary>The path concerned, without chroot; null where none is.</summary>
    public string? Path { get; }

    /// <summary>Whether the operation may have happened.</summary>
    public Outcome Outcome { get; }

    /// <summary>True when trying the same call again can succeed.</summary>
    public bool IsTransient { get; }
}
