using Coord.Protocol;

namespace Coord.Client;

/// <summary>
/// Makes or takes up a session on a fresh connection, on the connection's own thread (zookeeper-protocol.md 1.3, 1.4):
/// session, then in one flight the credentials, the server's features and the watches held; those that stay follow in a
/// second one, where the server may tell what they missed.
/// </summary>
internal sealed class Handshake(Transport transport, FrameBuffer frames, ClientClock clock, WatchRegistry watches)
{
    /// <summary>The request that asks for what was missed; nothing else has been sent yet.</summary>
    internal const int PastXid = 1;

    private const string FeaturesPath = "/zookeeper/coord/features";
    private const int FeaturesXid = 0;
    private const int PasswordLength = 16;

    private long zxid;
    private ServerFeatures features = ServerFeatures.None;
    private bool isAuthRefused;

    /// <exception cref="System.Net.Sockets.SocketException">The connection broke, or the server was too
    /// slow.</exception>
    /// <exception cref="ProtocolViolationException">The answer makes no sense.</exception>
    internal HandshakeResult Run(HandshakeRequest request)
    {
        var sentAt = clock.Now;
        SendConnect(request);
        if (!TryReceive(out var payload))
            return HandshakeResult.Of(HandshakeVerdict.Refused);
        var reader = new JuteReader(payload);
        if (!ConnectResponse.TryRead(ref reader, out var response))
            throw new ProtocolViolationException("a connect response that cannot be read");
        if (response.TimeoutMs <= 0)
            return HandshakeResult.Of(HandshakeVerdict.Expired);
        if (request.SessionId != 0 && response.SessionId != request.SessionId)
            throw new ProtocolViolationException("another session than the one offered");

        var accepted = new HandshakeResult(
            HandshakeVerdict.Accepted,
            response.SessionId,
            response.Password.ToArray(),
            TimeSpan.FromMilliseconds(response.TimeoutMs),
            response.ReadOnly,
            sentAt,
            ServerFeatures.None,
            0);
        SetUp(request);
        return isAuthRefused
            ? HandshakeResult.Of(HandshakeVerdict.AuthFailed) : accepted with { Features = features, Zxid = zxid };
    }

    private void SendConnect(HandshakeRequest request)
    {
        var buffer = new SendBuffer();
        var start = buffer.BeginFrame();
        var writer = new JuteWriter(buffer);
        var password = request.SessionId == 0 ? new byte[PasswordLength] : request.Password;
        var seen = request.Past?.Seen ?? request.LastZxid;
        new ConnectRequest(
            0, seen, (int)request.Timeout.TotalMilliseconds, request.SessionId, password, request.AllowReadOnly)
            .Write(ref writer);
        writer.Complete();
        buffer.EndFrame(start);
        transport.Send(buffer.Written);
    }

    private void SetUp(HandshakeRequest request)
    {
        var buffer = new SendBuffer();
        foreach (var credential in request.Auth)
            AppendAuth(buffer, credential);
        AppendFeaturesRead(buffer);
        var pieces = SetWatchesBatch.Append(buffer, request.LastZxid, request.Watches);
        transport.Send(buffer.Written);
        TakeReplies(request.Auth.Count + 1 + pieces);
        if (!isAuthRefused && request.Past is { } past)
            SetUp(past);
    }

    private void SetUp(MissedPast past)
    {
        if (past.Paths.Count == 0)
        {
            watches.Subtrees.OnPast(told: 0);
            return;
        }

        var buffer = new SendBuffer();
        var pieces = 1;
        if (!features.Has(SubtreeWatches.PastFeature) || !SetWatchesBatch.TryAppend(buffer, past))
        {
            watches.Subtrees.OnPast(told: null);
            pieces = SetWatchesBatch.Append(
                buffer, past.After, [.. past.Paths.Select(static path => (WatchTable.Recursive, path))]);
        }

        transport.Send(buffer.Written);
        TakeReplies(pieces);
    }

    private void TakeReplies(int count)
    {
        while (count > 0 && !isAuthRefused)
        {
            if (!TryReceive(out var payload))
                throw new ProtocolViolationException("the connection closed during the handshake");
            if (TakeReply(payload))
                count--;
        }
    }

    private static void AppendAuth(SendBuffer buffer, AuthCredential credential)
    {
        var start = buffer.BeginFrame();
        var writer = new JuteWriter(buffer);
        new RequestHeader(ReplyXid.Auth, OpCode.Auth).Write(ref writer);
        writer.WriteInt32(0);
        writer.WriteString(credential.Scheme);
        writer.WriteBuffer(credential.Secret);
        writer.Complete();
        buffer.EndFrame(start);
    }

    private static void AppendFeaturesRead(SendBuffer buffer)
    {
        var start = buffer.BeginFrame();
        var writer = new JuteWriter(buffer);
        new RequestHeader(FeaturesXid, OpCode.GetData).Write(ref writer);
        writer.WriteString(FeaturesPath);
        writer.WriteBool(false);
        writer.Complete();
        buffer.EndFrame(start);
    }

    /// <returns>Whether the frame answered one of the requests sent.</returns>
    private bool TakeReply(ReadOnlySpan<byte> payload)
    {
        var reader = new JuteReader(payload);
        if (!ReplyHeader.TryRead(ref reader, out var header))
            throw new ProtocolViolationException("a reply header that cannot be read");
        switch (header.Xid)
        {
            case ReplyXid.Event:
                EventReader.Dispatch(ref reader, header.Zxid.Value, watches);
                return false;
            case ReplyXid.Auth:
                isAuthRefused = header.Err != ErrorCode.Ok;
                return true;
            case FeaturesXid:
                zxid = header.Zxid.Value;
                if (header.Err == ErrorCode.Ok && reader.TryReadBuffer(out var bytes, out _))
                    features = ServerFeatures.Parse(bytes);
                return true;
            case PastXid:
                // All events up to it have come.
                zxid = header.Zxid.Value;
                watches.Subtrees.OnPast(header.Err == ErrorCode.Ok && reader.TryReadInt32(out var told) ? told : null);
                return true;
            default:
                return true;
        }
    }

    private bool TryReceive(out ReadOnlySpan<byte> payload)
    {
        while (!frames.TryNext(out payload, out _))
        {
            if (!frames.Fill(transport))
                return false;
        }

        return true;
    }
}
