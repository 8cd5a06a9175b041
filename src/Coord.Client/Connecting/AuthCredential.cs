using System.Text;

namespace Coord.Client;

/// <summary>A scheme and its secret, sent at every (re)connect. Prints the scheme only.</summary>
public sealed class AuthCredential
{
    /// <summary>Makes a credential of any scheme.</summary>
    /// <param name="scheme">For example <c>digest</c>.</param>
    /// <param name="secret">The bytes the scheme's server side expects.</param>
    /// <exception cref="ArgumentException">The scheme is null or empty.</exception>
    public AuthCredential(string scheme, ReadOnlyMemory<byte> secret)
    {
        ArgumentException.ThrowIfNullOrEmpty(scheme);
        Scheme = scheme;
        Secret = secret.ToArray();
    }

    /// <summary>Name of the scheme.</summary>
    public string Scheme { get; }

    internal byte[] Secret { get; }

    /// <summary>A user and password of ZooKeeper's <c>digest</c> scheme.</summary>
    /// <param name="user">Name without a colon.</param>
    /// <param name="password">Any text.</param>
    /// <returns>The credential.</returns>
    /// <exception cref="ArgumentException">The user is empty or contains a colon.</exception>
    public static AuthCredential Digest(string user, string password)
    {
        ArgumentException.ThrowIfNullOrEmpty(user);
        ArgumentNullException.ThrowIfNull(password);
        if (user.Contains(':', StringComparison.Ordinal))
            throw new ArgumentException("A digest user has no colon.", nameof(user));
        return new AuthCredential("digest", Encoding.UTF8.GetBytes($"{user}:{password}"));
    }

    /// <summary>The scheme; the secret is shown as <c>***</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Scheme}:***";
}
