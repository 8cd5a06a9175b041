using System.Security.Cryptography;
using System.Text;
using Coord.Protocol;

namespace Coord.Client;

/// <summary>
/// Joins, splits, checks and escapes paths. Source: ZooKeeper Programmer's Guide, The ZooKeeper Data Model.
/// </summary>
public static class ZnodePath
{
    /// <summary>Longest path accepted, in UTF-8 bytes.</summary>
    public const int MaxBytes = 4096;

    private const int EscapedMaxBytes = 200;
    private const int HashHexLength = 32;

    /// <summary>Joins a path and a name: <c>Combine("/a", "b")</c> is <c>/a/b</c>.</summary>
    /// <param name="parent">An absolute path.</param>
    /// <param name="name">One or more parts, without a leading slash.</param>
    /// <returns>The joined path.</returns>
    /// <exception cref="ArgumentException">A part is null or empty, or the result is not a valid path.</exception>
    public static string Combine(string parent, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(parent);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var path = parent == "/" ? $"/{name}" : $"{parent}/{name}";
        Check(path, nameof(name));
        return path;
    }

    /// <summary>The parent of a path: <c>/a</c> of <c>/a/b</c>, <c>/</c> of <c>/a</c> and of itself.</summary>
    /// <param name="path">An absolute path.</param>
    /// <returns>The parent's path.</returns>
    /// <exception cref="ArgumentException">The path is not valid.</exception>
    public static string Parent(string path)
    {
        Check(path, nameof(path));
        var slash = path.LastIndexOf('/');
        return slash == 0 ? "/" : path[..slash];
    }

    /// <summary>The last part of a path: <c>b</c> of <c>/a/b</c>, empty for <c>/</c>.</summary>
    /// <param name="path">An absolute path.</param>
    /// <returns>The name.</returns>
    /// <exception cref="ArgumentException">The path is not valid.</exception>
    public static string Name(string path)
    {
        Check(path, nameof(path));
        return path[(path.LastIndexOf('/') + 1)..];
    }

    /// <summary>
    /// Turns any text into one safe part of a path. Letters, digits and <c>- _ . ~</c> are kept, everything else
    /// becomes <c>%XX</c> of its UTF-8 bytes. A result over 200 bytes becomes a prefix and a hash. Different texts give
    /// different parts.
    /// </summary>
    /// <param name="text">Any text but the empty one.</param>
    /// <returns>A part without slashes that is valid everywhere.</returns>
    /// <exception cref="ArgumentException">The text is null or empty.</exception>
    public static string Escape(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        var builder = new StringBuilder(text.Length);
        foreach (var unit in Encoding.UTF8.GetBytes(text))
        {
            if (char.IsAsciiLetterOrDigit((char)unit) || "-_.~".Contains((char)unit, StringComparison.Ordinal))
                builder.Append((char)unit);
            else
                builder.Append('%').Append(unit.ToString("X2", null));
        }

        var escaped = builder.ToString();
        if (escaped is "." or "..")
            return escaped.Replace(".", "%2E", StringComparison.Ordinal);
        if (escaped.Length <= EscapedMaxBytes)
            return escaped;
        // "%~" never comes out of escaping, so a shortened part cannot be mistaken for an escaped one.
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..HashHexLength];
        return $"{escaped[..(EscapedMaxBytes - HashHexLength - 2)]}%~{hash}";
    }

    /// <summary>Throws unless the path may be sent.</summary>
    internal static void Check(string path, string argument)
    {
        ArgumentNullException.ThrowIfNull(path, argument);
        if (!PathRules.Validate(path, out var position, out var reason))
            throw new ArgumentException($"Not a valid path at position {position}: {reason}.", argument);
        if (path.Length > MaxBytes / 3 && Encoding.UTF8.GetByteCount(path) > MaxBytes)
            throw new ArgumentException($"The path is longer than {MaxBytes} bytes.", argument);
    }
}
