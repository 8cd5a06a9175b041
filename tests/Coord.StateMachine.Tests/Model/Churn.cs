using Coord.Protocol;
using FsCheck;
using FsCheck.Fluent;

namespace Coord.StateMachine.Tests;

/// <summary>
/// Generated histories in which slots, records and blocks often change hands: data of all sizes, multis that fail at
/// their end, sessions that come and go with their ephemerals.
/// </summary>
internal static class Churn
{
    private static readonly string[] Parents = [.. Enumerable.Range(0, 6).Select(number => $"/p{number}")];

    private static readonly string[] Paths =
    [
        .. Parents, .. Parents.SelectMany(parent => Enumerable.Range(0, 4).Select(number => $"{parent}/child{number}")),
    ];

    // Around the steps of the size classes, and the largest of them.
    private static readonly int[] Sizes = [0, 1, 5, 8, 9, 100, 118, 120, 121, 1_000, 32_755, 32_760, 32_765, 40_000];

    public static Arbitrary<Step[]> Arbitrary { get; } = Arb.From(
        from length in Gen.Choose(100, 300)
        from steps in Gen.ArrayOf(StepOf(), length)
        select steps,
        Histories.Shorter);

    // No two sizes share their first bytes: what is left of other data shows.
    private static Gen<string?> Values() =>
        from isNull in Gen.Frequency((1, Gen.Constant(true)), (9, Gen.Constant(false)))
        from size in Gen.Frequency(
            (4, Gen.Choose(0, 300)), (4, Gen.Elements(Sizes)), (1, Gen.Choose(300, 40_000)))
        select isNull ? null : string.Create(size, size, (text, seed) =>
        {
            for (int i = 0; i < text.Length; i++)
                text[i] = (char)('!' + ((seed + (i * 7)) % 90));
        });

    private static Gen<ZnodeRequest> Single() => Gen.Frequency(
        (5, from path in Gen.Elements(Paths)
            from value in Values()
            from kind in Gen.Elements(
                (OpCode.Create, 0), (OpCode.Create, 0), (OpCode.Create2, 1), (OpCode.Create, 1),
                (OpCode.CreateContainer, 4), (OpCode.CreateTtl, 5))
            from isOpen in Gen.Elements(true, true, false)
            select (ZnodeRequest)new ZnodeRequest.Create(path, value, kind.Item2, kind.Item1)
            {
                Acl = isOpen ? [(31, "world", "anyone")] : [(31, "world", "anyone"), (1, "digest", "u:" + path)],
                Ttl = 50,
            }),
        (3, Gen.Elements(Paths).Select(path => (ZnodeRequest)new ZnodeRequest.Delete(path))),
        (6, from path in Gen.Elements(Paths)
            from value in Values()
            select (ZnodeRequest)new ZnodeRequest.Set(path, value)));

    private static Gen<ZnodeRequest> MultiOf() =>
        from count in Gen.Choose(1, 8)
        from parts in Gen.ArrayOf(Single(), count)
        from fails in Gen.Elements(true, false)
        select (ZnodeRequest)new ZnodeRequest.Multi(
            fails ? [.. parts, new ZnodeRequest.Check("/", 99)] : [.. parts]);

    private static Gen<ZnodeRequest> RequestOf() => Gen.Frequency(
        (10, Single()),
        (4, MultiOf()),
        (1, from path in Gen.Elements(Paths)
            from isOpen in Gen.Elements(true, false)
            select (ZnodeRequest)new ZnodeRequest.SetAcl(
                path, isOpen ? [(31, "world", "anyone")] : [(31, "world", "anyone"), (2, "ip", "10.1.2.3")])));

    private static Gen<Step> StepOf() => Gen.Frequency(
        (2, Gen.Constant<Step>(new Step.Connect())),
        (1, Gen.Choose(0, 3).Select(session => (Step)new Step.Close(session))),
        (2, Gen.Elements(Paths).Select(path => (Step)new Step.Sweep(path, IsPresent: true, NeverUsedMs: 30))),
        (40, from session in Gen.Choose(0, 3)
             from request in RequestOf()
             select (Step)new Step.Request(session, request, EntryFlags.None)));
}
