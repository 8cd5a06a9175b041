using System.Buffers;
using BenchmarkDotNet.Attributes;
using Coord.Node.Clients;
using Coord.Protocol;

namespace Coord.Benchmarks;

/// <summary>What one request costs on its way in, and one reply on its way out.</summary>
public class CodecBenchmarks
{
    private const int FrameBytesMax = 1_048_575;
    private const string Path = "/services/shop/n000000001";

    private readonly byte[] _set = Requests.Set(Path);
    private readonly byte[] _get = Requests.Get(Path);
    private readonly byte[] _create = Requests.Create(Path);
    private readonly byte[] _multi = Requests.Multi(Path, Path, Path, Path);
    private readonly ArrayBufferWriter<byte> _output = new(64 * 1024);

    [Benchmark]
    public bool DecodeSet() => Decode(_set);

    [Benchmark]
    public bool DecodeGet() => Decode(_get);

    [Benchmark]
    public bool DecodeCreate() => Decode(_create);

    [Benchmark]
    public bool DecodeMultiOfFour() => Decode(_multi);

    [Benchmark]
    public int EncodeSet()
    {
        _output.ResetWrittenCount();
        Requests.WriteSet(_output, Path);
        return _output.WrittenCount;
    }

    [Benchmark]
    public int EncodeGetReply()
    {
        _output.ResetWrittenCount();
        var reply = new GetDataResponse { Data = Requests.Data, Stat = default };
        FrameWriter.BeginReply(_output, xid: 1, zxid: 2, reply.EncodedLength);
        var writer = new JuteWriter(_output);
        reply.Write(ref writer);
        writer.Complete();
        return _output.WrittenCount;
    }

    [Benchmark]
    public int EncodeEvent()
    {
        _output.ResetWrittenCount();
        FrameWriter.WriteEvent(_output, zxid: 2, WatchEventType.NodeDataChanged, "/services/shop/n000000001"u8);
        return _output.WrittenCount;
    }

    private static bool Decode(byte[] frame)
    {
        if (FrameReader.TryRead(frame, FrameBytesMax, out var length) != FrameStatus.Complete)
            return false;
        var payload = frame.AsSpan(FrameReader.PrefixLength, length);
        var reader = new JuteReader(payload);
        return RequestHeader.TryRead(ref reader, out var header)
            && RequestDecoding.IsDecodable(header.Op, payload[RequestHeader.EncodedLength..]);
    }
}
