using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Workloads;

/// <summary>How clients use groups of registers, whatever the target's protocol.</summary>
/// <param name="Groups">How many there are.</param>
/// <param name="Registers">In each.</param>
/// <param name="Amount">With which each register begins.</param>
/// <param name="StepAsync">What a client does next, left to chance.</param>
internal sealed record GroupUse(int Groups, int Registers, long Amount, Func<Random, IGroup, Task> StepAsync)
{
    private const int PlainReadsPerHundred = 30;

    /// <summary>Registers that mean nothing.</summary>
    public static GroupUse MultiRegister { get; } = new(3, 3, 0, RegisterStepAsync);

    /// <summary>Accounts between which money is moved.</summary>
    public static GroupUse Bank { get; } = new(1, 5, 20, BankStepAsync);

    /// <summary>In all accounts, or registers of a group, in the beginning.</summary>
    public long Total => Registers * Amount;

    private int[] All => [.. Enumerable.Range(0, Registers)];

    /// <summary>Groups below a root.</summary>
    public string[] Paths(string root) =>
        [.. Enumerable.Range(0, Groups).Select(number => $"{root}/group-{number}")];

    /// <summary>Of all registers in all groups.</summary>
    public IEnumerable<string> RegisterPaths(string root) =>
        Paths(root).SelectMany(path => All.Select(number => PathOf(path, number)));

    public static string PathOf(string group, int register) => $"{group}/r{register}";

    /// <summary>Final reads of a group: each register, and all of them together.</summary>
    public async Task FinishAsync(IGroup group)
    {
        foreach (var register in All)
            await group.ReadAsync(register);
        await group.TransactAsync(All, Nothing);
    }

    private static Task RegisterStepAsync(Random random, IGroup group)
    {
        var all = MultiRegister.All;
        if (random.Next(100) < PlainReadsPerHundred)
            return group.ReadAsync(random.Next(all.Length));

        random.Shuffle(all);
        var written = random.Next(3);
        return group.TransactAsync([.. all.Take(random.Next(2, all.Length + 1))],
            read => read.Take(written).ToDictionary(part => part.Register, part => part.Amount + 1));
    }

    private static Task BankStepAsync(Random random, IGroup group)
    {
        var accounts = Bank.All;
        if (random.Next(100) < PlainReadsPerHundred)
            return group.TransactAsync(accounts, Nothing);

        random.Shuffle(accounts);
        var sum = random.Next(1, (int)Bank.Amount);
        return group.TransactAsync([accounts[0], accounts[1]], read => Transfer(read, sum));
    }

    /// <summary>From the first to the second; nothing when the first has too little.</summary>
    private static Dictionary<int, long> Transfer(IReadOnlyList<GroupPart> read, long sum) =>
        read[0].Amount < sum ? Nothing(read) : new()
        {
            [read[0].Register] = read[0].Amount - sum, [read[1].Register] = read[1].Amount + sum,
        };

    private static Dictionary<int, long> Nothing(IReadOnlyList<GroupPart> read) => [];
}
