using System.Globalization;

namespace Coord.Client.Recipes;

/// <summary>
/// A held timed lock on its way to another process; see <see cref="TimedLockHandle.Detach"/>. It is good for one
/// <see cref="TimedLock.ResumeAsync"/>, by whoever has it: keep it as a secret is kept.
/// </summary>
/// <param name="Path">The lock's root, without chroot.</param>
/// <param name="Tag">Tells the hold from all others.</param>
/// <param name="Token">The fencing token of the grant.</param>
public sealed record TimedLockTicket(string Path, string Tag, FencingToken Token)
{
    /// <summary>One line of text, to be sent on.</summary>
    /// <returns>The text, for <see cref="Parse"/>.</returns>
    public string Serialize() => string.Create(CultureInfo.InvariantCulture, $"{Tag} {Token.Value} {Path}");

    /// <summary>Reads what <see cref="Serialize"/> wrote.</summary>
    /// <param name="text">The line.</param>
    /// <returns>The ticket.</returns>
    /// <exception cref="ArgumentException">It is no ticket.</exception>
    public static TimedLockTicket Parse(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        var parts = text.Split(' ', 3);
        if (parts.Length != 3 || !long.TryParse(parts[1], CultureInfo.InvariantCulture, out var token))
            throw new ArgumentException("The text is no ticket of a timed lock.", nameof(text));
        ZnodePath.Check(parts[2], nameof(text));
        return new TimedLockTicket(parts[2], parts[0], new FencingToken(token));
    }

    /// <summary>The path alone: the tag is a secret.</summary>
    /// <returns>For people.</returns>
    public override string ToString() => $"timed lock {Path}, tag ***";
}
