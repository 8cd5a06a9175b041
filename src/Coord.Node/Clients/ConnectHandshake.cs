using System.Buffers;
using Coord.Protocol;

namespace Coord.Node.Clients;

/// <summary>A client's ConnectRequest, taken off the wire (protocol 1.3).</summary>
internal readonly record struct ConnectHandshake(
    long LastZxidSeen, int TimeoutMs, long SessionId, byte[] Password, bool HasReadOnlyByte, bool AcceptsReadOnly)
{
    // Protocol version, zxid, timeout, session id and the password's length.
    private const int FixedBytes = 28;

    /// <summary>Bytes of its frame, length prefix included.</summary>
    public int FrameBytes => sizeof(int) + FixedBytes + Password.Length + (HasReadOnlyByte ? 1 : 0);

    /// <summary>Reads the record; bytes behind it are ignored, as ZooKeeper does.</summary>
    public static bool TryRead(ReadOnlySequence<byte> payload, out ConnectHandshake handshake)
    {
        handshake = default;

        // The record takes 45 bytes with ZooKeeper's 16-byte password; a longer password is no client's.
        Span<byte> bytes = stackalloc byte[128];
        if (payload.Length > bytes.Length)
            return false;
        bytes = bytes[..(int)payload.Length];
        payload.CopyTo(bytes);
        var reader = new JuteReader(bytes);
        if (!ConnectRequest.TryRead(ref reader, out var request))
            return false;
        handshake = new ConnectHandshake(
            request.LastZxidSeen, request.TimeoutMs, request.SessionId, request.Password.ToArray(),
            request.HasReadOnly, request.ReadOnly);
        return true;
    }
}
