using Coord.Fuzz.Bytes;
using Coord.Fuzz.Runs;
using Coord.Node.Members;
using Coord.Node.Peers;

namespace Coord.Fuzz.Targets;

/// <summary>
/// The handshake's frames (HelloCodec) and the members' directory (MemberDirectory). What is accepted must encode to
/// the same bytes again.
/// </summary>
internal sealed class HelloTarget : IFuzzTarget
{
    private long _refused;
    private long _accepted;

    public string Name => "hello";

    public long AllocationMax => 128 * 1024;

    public void Prepare(ulong seed)
    {
        // Every case makes its own hello.
    }

    public void Run(CaseRandom random)
    {
        var kind = random.Below(3);
        var valid = Sample(random, kind);
        var isMutated = random.Chance(0.98);
        var bytes = isMutated ? Mutation.Of(valid, Sample(random, random.Below(3)), random) : valid;
        if (kind > 0 && random.Chance(0.8))
            Frames.Seal(bytes);

        var (isAccepted, again) = Decode(bytes, kind);
        if (!isAccepted)
        {
            _refused++;
            if (!isMutated)
                throw new FuzzFailedException($"valid bytes are refused: {Convert.ToHexString(bytes)}");

            return;
        }

        _accepted++;
        if (again is not null && !again.AsSpan().SequenceEqual(bytes))
        {
            throw new FuzzFailedException(
                $"accepted {Convert.ToHexString(bytes)}, which is written as {Convert.ToHexString(again)}");
        }
    }

    public string Describe() => $"accepted={_accepted} refused={_refused}";

    // What a newer wire version appended is passed over, and cannot be written again; no bytes are no members.
    private static (bool IsAccepted, byte[]? Again) Decode(byte[] bytes, int kind)
    {
        if (kind == 0)
        {
            var isRead = MemberDirectory.TryDecode(bytes, out var directory);
            return (isRead, bytes.Length == 0 ? null : directory?.Encode());
        }

        var verdict = default(PeerVerdict);
        var hello = kind == 1 ? HelloCodec.ReadHello(bytes) : HelloCodec.ReadAnswer(bytes, out verdict);
        if (hello is null || hello.WireVersionMax > PeerHello.WireVersion)
            return (hello is not null, null);

        return (true, kind == 1 ? HelloCodec.WriteHello(hello) : HelloCodec.WriteAnswer(verdict, hello));
    }

    private static byte[] Sample(CaseRandom random, int kind) => kind switch
    {
        0 => new MemberDirectory(SampleHello.Members(random)).Encode(),
        1 => HelloCodec.WriteHello(SampleHello.Hello(random)),
        _ => HelloCodec.WriteAnswer(random.Pick(Enum.GetValues<PeerVerdict>()), SampleHello.Hello(random)),
    };
}
