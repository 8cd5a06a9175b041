using System.Buffers.Binary;
using System.Text;
using static Coord.JepsenLike.Clients.Wire;

namespace Coord.Interop.Wire;

/// <summary>
/// A reply as text in which only what may differ between two clusters is left out: zxids, times and session ids. How
/// they relate to each other stays.
/// </summary>
internal static class ReplyText
{
    private const int GetAcl = 6;
    private const int SetAcl = 7;
    private const int GetChildren = 8;
    private const int GetChildren2 = 12;
    private const int Check = 13;
    private const int Multi = 14;
    private const int Create2 = 15;
    private const int MultiHeaderBytes = 9;

    /// <param name="type">The operation that is answered; <see cref="EventXid"/> for an event.</param>
    /// <param name="payload">Header and body.</param>
    public static string Of(int type, byte[] payload)
    {
        var xid = BinaryPrimitives.ReadInt32BigEndian(payload);
        var zxid = BinaryPrimitives.ReadInt64BigEndian(payload.AsSpan(4));
        var error = BinaryPrimitives.ReadInt32BigEndian(payload.AsSpan(12));
        // Events carry the zxid of their cause since 3.9, -1 before.
        var sign = type == EventXid ? "" : $" zxid {Math.Sign(zxid)}";
        return $"xid {xid}{sign} error {error} {(error == 0 ? Body(type, payload.AsSpan(16)) : "")}";
    }

    private static string Body(int type, ReadOnlySpan<byte> body) => type switch
    {
        Exists or SetData or SetAcl => StatText(body),
        GetData or GetAcl or Create2 => Convert.ToHexString(body[..^StatBytes]) + StatText(body[^StatBytes..]),
        GetChildren => Names(body),
        GetChildren2 => Names(body[..^StatBytes]) + StatText(body[^StatBytes..]),
        Multi => Results(body),
        _ => Convert.ToHexString(body),
    };

    private static string StatText(ReadOnlySpan<byte> stat)
    {
        var czxid = BinaryPrimitives.ReadInt64BigEndian(stat);
        var mzxid = BinaryPrimitives.ReadInt64BigEndian(stat[8..]);
        var pzxid = BinaryPrimitives.ReadInt64BigEndian(stat[60..]);
        var ctime = BinaryPrimitives.ReadInt64BigEndian(stat[16..]);
        var mtime = BinaryPrimitives.ReadInt64BigEndian(stat[24..]);
        var isEphemeral = BinaryPrimitives.ReadInt64BigEndian(stat[44..]) != 0;
        var versions = Convert.ToHexString(stat[32..44]);
        var counts = Convert.ToHexString(stat[52..60]);
        return $" stat m{mzxid.CompareTo(czxid)} p{pzxid.CompareTo(czxid)} mp{mzxid.CompareTo(pzxid)}"
            + $" {(mtime != ctime && mzxid == czxid ? "mtime without mzxid" : "")} {isEphemeral} {versions} {counts}";
    }

    // Their order is nobody's promise (zookeeper-protocol 2.3).
    private static string Names(ReadOnlySpan<byte> vector)
    {
        var names = new List<string>();
        for (var at = 4; at < vector.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(vector[at..]);
            names.Add(Encoding.UTF8.GetString(vector.Slice(at + 4, length)));
            at += 4 + length;
        }

        return string.Join(' ', names.Order(StringComparer.Ordinal));
    }

    private static string Results(ReadOnlySpan<byte> body)
    {
        var text = new StringBuilder();
        while (body.Length > 0)
        {
            var type = BinaryPrimitives.ReadInt32BigEndian(body);
            var isLast = body[4] != 0;
            text.Append(Convert.ToHexString(body[..MultiHeaderBytes])).Append(' ');
            body = body[MultiHeaderBytes..];
            var length = isLast ? 0 : type switch
            {
                Delete or Check => 0,
                SetData => StatBytes,
                Create => 4 + BinaryPrimitives.ReadInt32BigEndian(body),
                _ => 4,
            };
            text.Append(Body(type, body[..length])).Append(' ');
            body = body[length..];
        }

        return text.ToString();
    }
}
