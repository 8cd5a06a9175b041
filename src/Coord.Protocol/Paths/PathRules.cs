using System.Buffers;
using System.Text;

namespace Coord.Protocol;

/// <summary>
/// Which paths a znode may have. Source: zookeeper-protocol 5.1. Paths are compared as code units: no case, no
/// normalisation.
/// </summary>
public static class PathRules
{
    private const byte Slash = (byte)'/';

    // Bytes that make no decision: everything printable in ASCII but the slash and the dot.
    private static readonly SearchValues<byte> Deciding = SearchValues.Create(DecidingBytes());

    /// <summary>Whether the UTF-8 bytes are a path that a znode can have.</summary>
    /// <param name="utf8Path">As it stands in a request. Invalid UTF-8 is no path.</param>
    public static bool IsValid(ReadOnlySpan<byte> utf8Path)
    {
        if (utf8Path.IsEmpty || utf8Path[0] != Slash)
            return false;
        if (utf8Path.Length == 1)
            return true;
        var part = 1;
        for (var i = 1; i <= utf8Path.Length;)
        {
            if (i == utf8Path.Length || utf8Path[i] == Slash)
            {
                if (!IsName(utf8Path[part..i]))
                    return false;
                part = ++i;
            }
            else if (!TrySkip(utf8Path, ref i))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether the text is a path that a znode can have, and if not, where and why not.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="position">Index of the first character that is wrong.</param>
    /// <param name="reason">Half a sentence; empty when the path is valid.</param>
    /// <returns>Whether it is valid.</returns>
    public static bool Validate(string? path, out int position, out string reason)
    {
        position = 0;
        reason = Fault(path, ref position);
        return reason.Length == 0;
    }

    /// <summary>The path of the parent.</summary>
    /// <param name="utf8Path">A valid path other than <c>/</c>.</param>
    /// <returns>A part of it; <c>/</c> for a znode at the top.</returns>
    public static ReadOnlySpan<byte> Parent(ReadOnlySpan<byte> utf8Path) =>
        utf8Path[..Math.Max(1, utf8Path.LastIndexOf(Slash))];

    /// <summary>The last part of the path.</summary>
    /// <param name="utf8Path">A valid path.</param>
    /// <returns>A part of it; empty for <c>/</c>.</returns>
    public static ReadOnlySpan<byte> Name(ReadOnlySpan<byte> utf8Path) => utf8Path[(utf8Path.LastIndexOf(Slash) + 1)..];

    private static string Fault(string? path, ref int position)
    {
        if (string.IsNullOrEmpty(path))
            return "it is empty";
        if (path[0] != '/')
            return "it does not start with a slash";
        var part = 1;
        for (var i = 1; i <= path.Length && path.Length > 1; i++)
        {
            position = i;
            if (i < path.Length && path[i] != '/')
            {
                if (IsForbidden(path[i]))
                    return $"U+{(int)path[i]:X4} is not allowed";
                continue;
            }

            position = part;
            if (i == part)
                return i == path.Length ? "it ends with a slash" : "it has an empty part";
            if (path.AsSpan(part, i - part) is "." or "..")
                return "it has a relative part";
            part = i + 1;
        }

        return "";
    }

    private static bool IsName(ReadOnlySpan<byte> part) =>
        !part.IsEmpty && !part.SequenceEqual("."u8) && !part.SequenceEqual(".."u8);

    // Steps over one character, or over all that need no look; false at a forbidden one.
    private static bool TrySkip(ReadOnlySpan<byte> path, ref int position)
    {
        var plain = path[position..].IndexOfAny(Deciding);
        if (plain != 0)
        {
            position = plain < 0 ? path.Length : position + plain;
            return true;
        }

        if (Rune.DecodeFromUtf8(path[position..], out var rune, out var length) != OperationStatus.Done)
            return false;
        position += length;
        return rune.IsBmp && !IsForbidden((char)rune.Value);
    }

    private static bool IsForbidden(char c) =>
        c < ' ' || c is (>= '\u007f' and <= '\u009f') or (>= '\ud800' and <= '\uf8ff') or >= '\ufff0';

    private static byte[] DecidingBytes()
    {
        var bytes = new List<byte> { Slash };
        for (var b = 0; b <= byte.MaxValue; b++)
        {
            if (b is < ' ' or >= 0x7f)
                bytes.Add((byte)b);
        }

        return [.. bytes];
    }
}
