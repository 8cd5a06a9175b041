using Coord.Protocol;

namespace Coord.Client;

/// <summary>
/// A write with a number, for servers that announce <c>dedupe</c>: sent again after a reconnect it takes effect once,
/// and the first reply comes again (docs/internals/extensions.md).
/// </summary>
/// <remarks>
/// Invariant: numbers ascend in the order of the wire. They are given under the outbox's lock as the request is encoded
/// for the first time, and what was sent before goes out again ahead of what was not.
/// </remarks>
internal sealed class OnceCall<T>(Request<T> write, OnceNumbers numbers) : Request<T>
{
    private long number;

    internal override OpCode Op => OpCode.Once;

    internal override ReplyKind Kind => ReplyKind.Write;

    internal override bool IsRepeatable => true;

    internal override bool OutlivesSession => false;

    internal override bool IsKnownTo(ServerFeatures features) =>
        features.Has(OnceNumbers.Feature) && write.IsKnownTo(features);

    internal override void WriteBody(ref JuteWriter writer)
    {
        if (number == 0)
            number = numbers.Next(SentEpoch);
        writer.WriteInt64(number);
        writer.WriteInt64(numbers.Acknowledged(SentEpoch, number));
        writer.WriteInt32((int)write.Op);
        write.WriteBody(ref writer);
    }

    internal override bool End(RequestEnd end)
    {
        numbers.Done(SentEpoch, number);
        return base.End(end);
    }

    internal override void OnReply(long zxid, ErrorCode error, ReadOnlySpan<byte> body)
    {
        numbers.Done(SentEpoch, number);
        // It, or a later one, ran before, and its reply is forgotten (extensions.md, dedupe).
        if (error == ErrorCode.BadArguments && WasSentBefore)
            base.End(RequestEnd.ConnectionLost);
        else
            base.OnReply(zxid, error, body);
    }

    internal override bool TryReadBody(ref JuteReader reader, out T? value) => write.TryReadBody(ref reader, out value);
}
