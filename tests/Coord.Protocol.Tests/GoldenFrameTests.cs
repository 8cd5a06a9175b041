using System.Buffers;
using System.Text;

namespace Coord.Protocol.Tests;

/// <summary>Both directions: what clients and servers send reads as they meant it, and is written alike.</summary>
public class GoldenFrameTests
{
    private const long SecondsOf2023 = 1_700_000_000_000;

    [Fact]
    public void A_handshake_for_a_new_session_reads_and_writes()
    {
        var payload = GoldenFrames.Payload(GoldenFrames.ConnectNew);
        var reader = new JuteReader(payload);
        Assert.True(ConnectRequest.TryRead(ref reader, out var request));
        Assert.Equal(0, reader.Remaining);
        Assert.Equal((0L, 10_000, 0L), (request.LastZxidSeen, request.TimeoutMs, request.SessionId));
        Assert.True(request.HasReadOnly);
        Assert.Equal(16, request.Password.Length);
        AssertWrites(payload, (ref JuteWriter w) =>
            new ConnectRequest(0, 0, 10_000, 0, new byte[16], readOnly: false).Write(ref w));
    }

    // Danger: an answer with the read-only byte breaks clients that did not send one (ZOOKEEPER-4814).
    [Fact]
    public void A_handshake_without_the_read_only_byte_is_told_apart()
    {
        var payload = GoldenFrames.Payload(GoldenFrames.ConnectNew)[..^1];
        var reader = new JuteReader(payload);
        Assert.True(ConnectRequest.TryRead(ref reader, out var request));
        Assert.False(request.HasReadOnly);
        Assert.Equal(36, new ConnectResponse(1, 2, new byte[16], request.HasReadOnly, isReadOnly: false).EncodedLength);
    }

    [Fact]
    public void Answers_to_a_handshake_are_written_to_the_byte()
    {
        var password = Enumerable.Range(0, 16).Select(i => (byte)i).ToArray();
        var output = new ArrayBufferWriter<byte>();
        var accepted = new ConnectResponse(10_000, 0x0100001e7ac80000, password, hasReadOnly: true, isReadOnly: false);
        FrameWriter.WriteConnectResponse(output, accepted);
        AssertFrame(GoldenFrames.ConnectAccepted, output);

        output = new ArrayBufferWriter<byte>();
        FrameWriter.WriteConnectResponse(output, new ConnectResponse(0, 0, new byte[16], true, false));
        AssertFrame(GoldenFrames.ConnectRefused, output);

        var reader = new JuteReader(GoldenFrames.Payload(GoldenFrames.ConnectAccepted));
        Assert.True(ConnectResponse.TryRead(ref reader, out var response));
        Assert.Equal((10_000, 0x0100001e7ac80000), (response.TimeoutMs, response.SessionId));
        Assert.True(response.HasReadOnly);
        Assert.Equal(password, response.Password.ToArray());
    }

    [Theory]
    [InlineData(GoldenFrames.Ping, -2, OpCode.Ping)]
    [InlineData(GoldenFrames.CloseSession, 6, OpCode.CloseSession)]
    [InlineData(GoldenFrames.Create, 1, OpCode.Create)]
    [InlineData(GoldenFrames.Multi, 4, OpCode.Multi)]
    [InlineData(GoldenFrames.SetWatches, -8, OpCode.SetWatches)]
    public void Request_headers_read_and_write(string frame, int xid, OpCode op)
    {
        var payload = GoldenFrames.Payload(frame);
        var reader = new JuteReader(payload);
        Assert.True(RequestHeader.TryRead(ref reader, out var header));
        Assert.Equal(new RequestHeader(xid, op), header);
        AssertWrites(payload.AsSpan()[..RequestHeader.EncodedLength], (ref JuteWriter w) => header.Write(ref w));
    }

    [Fact]
    public void Replies_without_a_record_are_written_to_the_byte()
    {
        var output = new ArrayBufferWriter<byte>();
        FrameWriter.WriteReply(output, -2, 2, ErrorCode.Ok);
        AssertFrame(GoldenFrames.PingReply, output);

        output = new ArrayBufferWriter<byte>();
        FrameWriter.WriteReply(output, 3, 3, ErrorCode.NoNode);
        AssertFrame(GoldenFrames.NoNodeReply, output);

        var reader = new JuteReader(GoldenFrames.Payload(GoldenFrames.NoNodeReply));
        Assert.True(ReplyHeader.TryRead(ref reader, out var header));
        Assert.Equal(new ReplyHeader(3, new Zxid(3), ErrorCode.NoNode), header);
    }

    [Fact]
    public void A_create_and_its_reply_read_and_write()
    {
        var reader = Record(GoldenFrames.Create, out var payload);
        Assert.True(CreateRequest.TryRead(ref reader, out var request));
        Assert.Equal(("/a", "x", 0), (Text(request.Path), Text(request.Data), request.Flags));
        var acls = new JuteReader(request.EncodedAcl);
        Assert.True(acls.TryReadVectorCount(out var count) & Acl.TryRead(ref acls, out var acl));
        Assert.Equal((1, 31, "world", "anyone"), (count, acl.Permissions, Text(acl.Scheme), Text(acl.Id)));
        Assert.Equal(payload.Length - RequestHeader.EncodedLength, request.EncodedLength);
        AssertWrites(payload.AsSpan()[RequestHeader.EncodedLength..], Rewrite);

        void Rewrite(ref JuteWriter writer)
        {
            var again = new JuteReader(payload.AsSpan(RequestHeader.EncodedLength));
            CreateRequest.TryRead(ref again, out var record);
            record.Write(ref writer);
        }

        var output = new ArrayBufferWriter<byte>();
        FrameWriter.BeginReply(output, 1, 3, new CreateResponse { Path = "/a"u8 }.EncodedLength);
        var writer = new JuteWriter(output);
        new CreateResponse { Path = "/a"u8 }.Write(ref writer);
        writer.Complete();
        AssertFrame(GoldenFrames.CreateReply, output);
    }

    [Fact]
    public void A_read_and_its_reply_read_and_write()
    {
        var reader = Record(GoldenFrames.GetData, out _);
        Assert.True(PathWatchRequest.TryRead(ref reader, out var request));
        Assert.Equal(("/a", true), (Text(request.Path), request.Watch));

        var stat = new Stat(3, 3, SecondsOf2023, SecondsOf2023, 0, 0, 0, 0, 1, 0, 3);
        var reply = GoldenFrames.Payload(GoldenFrames.GetDataReply);
        var replyReader = new JuteReader(reply.AsSpan(ReplyHeader.EncodedLength));
        Assert.True(GetDataResponse.TryRead(ref replyReader, out var response));
        Assert.Equal(("x", stat), (Text(response.Data), response.Stat));

        var record = new ArrayBufferWriter<byte>();
        var writer = new JuteWriter(record);
        new GetDataResponse { Data = "x"u8, Stat = stat }.Write(ref writer);
        writer.Complete();
        var output = new ArrayBufferWriter<byte>();
        FrameWriter.WriteReply(output, 2, 3, record.WrittenSpan);
        AssertFrame(GoldenFrames.GetDataReply, output);
    }

    [Fact]
    public void An_event_reads_and_writes()
    {
        var output = new ArrayBufferWriter<byte>();
        FrameWriter.WriteEvent(output, 4, WatchEventType.NodeDataChanged, "/a"u8);
        AssertFrame(GoldenFrames.DataChangedEvent, output);

        var payload = GoldenFrames.Payload(GoldenFrames.DataChangedEvent);
        var reader = new JuteReader(payload.AsSpan(ReplyHeader.EncodedLength));
        Assert.True(WatcherEvent.TryRead(ref reader, out var watched));
        Assert.Equal((WatchEventType.NodeDataChanged, "/a"), (watched.Type, Text(watched.Path)));
    }

    [Fact]
    public void A_multi_reads_operation_by_operation()
    {
        var reader = Record(GoldenFrames.Multi, out _);
        Assert.True(MultiHeader.TryRead(ref reader, out var first));
        Assert.Equal(OpCode.Create, first.Type);
        Assert.True(CreateRequest.TryRead(ref reader, out var create));
        Assert.Equal("/m", Text(create.Path));
        Assert.True(MultiHeader.TryRead(ref reader, out var second));
        Assert.Equal(OpCode.Check, second.Type);
        Assert.True(CheckVersionRequest.TryRead(ref reader, out var check));
        Assert.Equal(("/a", 99), (Text(check.Path), check.Version));
        Assert.True(MultiHeader.TryRead(ref reader, out var end));
        Assert.Equal(MultiHeader.End, end);
        Assert.Equal(0, reader.Remaining);
    }

    [Fact]
    public void Auth_and_set_watches_read()
    {
        var reader = Record(GoldenFrames.Auth, out _);
        Assert.True(AuthRequest.TryRead(ref reader, out var auth));
        Assert.Equal(("digest", "u:p"), (Text(auth.Scheme), Text(auth.Auth)));

        reader = Record(GoldenFrames.SetWatches, out _);
        Assert.True(SetWatchesRequest.TryRead(ref reader, out var watches));
        Assert.Equal(3, watches.RelativeZxid);
        Assert.Equal((1, 0, 0), (watches.Data.Count, watches.Exist.Count, watches.Child.Count));
        foreach (var path in watches.Data)
            Assert.Equal("/a", Text(path));
    }

    private delegate void WriteRecord(ref JuteWriter writer);

    private static JuteReader Record(string frame, out byte[] payload)
    {
        payload = GoldenFrames.Payload(frame);
        return new JuteReader(payload.AsSpan(RequestHeader.EncodedLength));
    }

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);

    private static void AssertFrame(string frame, ArrayBufferWriter<byte> output) =>
        Assert.Equal(Hex.Text(Hex.Bytes(frame)), Hex.Text(output.WrittenSpan));

    private static void AssertWrites(ReadOnlySpan<byte> expected, WriteRecord write)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new JuteWriter(output);
        write(ref writer);
        writer.Complete();
        Assert.Equal(Hex.Text(expected), Hex.Text(output.WrittenSpan));
    }
}
