using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Workloads;

/// <summary>Workloads of transactions on groups of registers: registers that mean nothing, and accounts.</summary>
internal static class GroupWorkloads
{
    public const int Accounts = 5;

    /// <summary>On each account in the beginning.</summary>
    public const long Deposit = 20;

    private const int Groups = 3;
    private const int Registers = 3;

    public static IWorkload MultiRegister(WorkloadContext context) =>
        Make(context, Groups, Registers, amount: 0, RegisterStepAsync);

    public static IWorkload Bank(WorkloadContext context) => Make(context, 1, Accounts, Deposit, BankStepAsync);

    private static ClientWorkload Make(WorkloadContext context, int groups, int registers, long amount,
        Func<WorkloadClient, GroupClient, Task> step)
    {
        string[] paths = [.. Enumerable.Range(0, groups).Select(number => $"{context.Root}/group-{number}")];
        int[] all = [.. Enumerable.Range(0, registers)];
        var clients = Enumerable.Range(0, context.Clients).Select<int, Func<CancellationToken, Task>>(number =>
        {
            var client = WorkloadClient.Lasting(context, number, seed: unchecked((context.Seed * 1009) + number));
            return stop => client.RunAsync(() => step(client, Draw(client, paths)), stop);
        });
        return new ClientWorkload(
            async session =>
            {
                await ClientWorkload.CreateAsync(session, paths);
                await ClientWorkload.CreateAsync(session,
                    paths.SelectMany(path => all.Select(number => GroupClient.Register(path, number))), amount);
            },
            clients,
            async (session, _) =>
            {
                foreach (var group in paths.Select(path => new GroupClient(WorkloadClient.Of(context, session), path)))
                {
                    foreach (var register in all)
                        await group.ReadAsync(register);
                    await group.TransactAsync(all, Nothing);
                }
            });
    }

    private static GroupClient Draw(WorkloadClient client, string[] paths) =>
        new(client, paths[client.Random.Next(paths.Length)]);

    private static Task RegisterStepAsync(WorkloadClient client, GroupClient group)
    {
        var random = client.Random;
        if (random.Next(100) < 30)
            return group.ReadAsync(random.Next(Registers));

        int[] order = [.. Enumerable.Range(0, Registers)];
        random.Shuffle(order);
        var written = random.Next(3);
        return group.TransactAsync([.. order.Take(random.Next(2, Registers + 1))],
            read => read.Take(written).ToDictionary(part => part.Register, part => part.Amount + 1));
    }

    private static Task BankStepAsync(WorkloadClient client, GroupClient group)
    {
        var random = client.Random;
        int[] order = [.. Enumerable.Range(0, Accounts)];
        if (random.Next(100) < 30)
            return group.TransactAsync(order, Nothing);

        random.Shuffle(order);
        var sum = random.Next(1, (int)Deposit);
        return group.TransactAsync([order[0], order[1]], read => Transfer(read, sum));
    }

    /// <summary>From the first to the second; nothing when the first has too little.</summary>
    private static Dictionary<int, long> Transfer(IReadOnlyList<GroupPart> read, long sum) =>
        read[0].Amount < sum ? Nothing(read) : new()
        {
            [read[0].Register] = read[0].Amount - sum, [read[1].Register] = read[1].Amount + sum,
        };

    private static Dictionary<int, long> Nothing(IReadOnlyList<GroupPart> read) => [];
}
