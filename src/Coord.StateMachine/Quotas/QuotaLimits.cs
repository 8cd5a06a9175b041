using System.Buffers.Text;

namespace Coord.StateMachine;

/// <summary>What a quota allows; -1 for no limit.</summary>
/// <param name="Count">Znodes, that of the path included: exceeding it is worth a warning.</param>
/// <param name="Bytes">Data bytes: exceeding them is worth a warning.</param>
/// <param name="CountHard">Znodes at most, if hard quotas are enforced.</param>
/// <param name="BytesHard">Data bytes at most, if hard quotas are enforced.</param>
internal readonly record struct QuotaLimits(long Count, long Bytes, long CountHard, long BytesHard)
{
    private static readonly QuotaLimits None = new(-1, -1, -1, -1);

    /// <summary>
    /// Reads ZooKeeper's text, <c>count=1,bytes=2=;byteHardLimit=3;countHardLimit=4</c> (zookeeper-protocol 9.1). Any
    /// bytes are taken: what cannot be read is no limit.
    /// </summary>
    public static QuotaLimits Parse(ReadOnlySpan<byte> text)
    {
        var limits = None;
        while (!text.IsEmpty)
        {
            int end = text.IndexOfAny((byte)',', (byte)';');
            limits = limits.With(end < 0 ? text : text[..end]);
            text = end < 0 ? default : text[(end + 1)..];
        }

        return limits;
    }

    private QuotaLimits With(ReadOnlySpan<byte> pair)
    {
        int equals = pair.IndexOf((byte)'=');
        if (equals < 0 || !Utf8Parser.TryParse(pair[(equals + 1)..], out long value, out _))
            return this;
        var key = pair[..equals];
        return key.SequenceEqual("count"u8) ? this with { Count = value }
            : key.SequenceEqual("bytes"u8) ? this with { Bytes = value }
            : key.SequenceEqual("countHardLimit"u8) ? this with { CountHard = value }
            : key.SequenceEqual("byteHardLimit"u8) ? this with { BytesHard = value }
            : this;
    }
}
