namespace Coord.JepsenLike.Workloads;

/// <summary>Workloads of transactions on groups of znodes.</summary>
internal static class GroupWorkloads
{
    public static IWorkload Make(WorkloadContext context, GroupUse use)
    {
        var paths = use.Paths(context.Root);
        var clients = Enumerable.Range(0, context.Clients).Select<int, Func<CancellationToken, Task>>(number =>
        {
            var client = WorkloadClient.Lasting(context, number, seed: unchecked((context.Seed * 1009) + number));
            return stop => client.RunAsync(() => use.StepAsync(client.Random, Draw(client, paths)), stop);
        });
        return new ClientWorkload(
            async session =>
            {
                await ClientWorkload.CreateAsync(session, paths);
                await ClientWorkload.CreateAsync(session, use.RegisterPaths(context.Root), use.Amount);
            },
            clients,
            async (session, _) =>
            {
                foreach (var path in paths)
                    await use.FinishAsync(new GroupClient(WorkloadClient.Of(context, session), path));
            });
    }

    private static GroupClient Draw(WorkloadClient client, string[] paths) =>
        new(client, paths[client.Random.Next(paths.Length)]);
}
