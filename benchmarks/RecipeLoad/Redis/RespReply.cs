using System.Buffers.Text;
using System.Text;

namespace Coord.RecipeLoad.Redis;

/// <summary>A reply: a number, a text, or nothing.</summary>
/// <param name="Number">Of an integer reply; 0 otherwise.</param>
/// <param name="Text">Of a simple or bulk string; null where there is none.</param>
internal readonly record struct RespReply(long Number, string? Text)
{
    /// <summary>Takes one reply off the front of what was received.</summary>
    /// <returns>False: it is not whole yet, and nothing was taken.</returns>
    /// <exception cref="InvalidDataException">Redis answered with an error, or with what is not read here.</exception>
    internal static bool TryTake(ref ReadOnlySpan<byte> received, out RespReply reply)
    {
        reply = default;
        var end = received.IndexOf("\r\n"u8);
        if (end < 0)
            return false;
        var line = received[Math.Min(1, end)..end];
        var rest = received[(end + 2)..];
        switch (received[0])
        {
            case (byte)':':
                reply = new RespReply(Parse(line), null);
                break;
            case (byte)'+':
                reply = new RespReply(0, Encoding.UTF8.GetString(line));
                break;
            case (byte)'$':
                var length = (int)Parse(line);
                if (length < 0)
                    break;
                if (rest.Length < length + 2)
                    return false;
                reply = new RespReply(0, Encoding.UTF8.GetString(rest[..length]));
                rest = rest[(length + 2)..];
                break;
            default:
                throw new InvalidDataException($"Redis: {Encoding.UTF8.GetString(received[..end])}");
        }

        received = rest;
        return true;
    }

    private static long Parse(ReadOnlySpan<byte> digits) =>
        Utf8Parser.TryParse(digits, out long value, out var used) && used == digits.Length
            ? value : throw new InvalidDataException($"Redis: {Encoding.UTF8.GetString(digits)} is no number.");
}
