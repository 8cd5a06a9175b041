using Coord.JepsenLike.Checking;
using Coord.JepsenLike.Histories;
using Coord.JepsenLike.Targets;

namespace Coord.JepsenLike.Workloads;

/// <summary>Every workload there is.</summary>
internal static class WorkloadCatalog
{
    public static IReadOnlyList<WorkloadKind> All { get; } =
    [
        Znodes("register", ZnodeClients.Registers) with { MakeOnEtcd = EtcdRegisters.Registers },
        Znodes("counter", ZnodeClients.Counters) with { MakeOnEtcd = EtcdRegisters.Counters },
        Znodes("lock", ZnodeClients.Locks) with { MakeOnEtcd = EtcdLockClient.Load },
        Znodes("watch", ZnodeClients.Registers | ZnodeClients.Watches),
        Znodes("znodes", ZnodeClients.All),
        Groups("multi-register", GroupUse.MultiRegister, GroupRules.Check),
        Groups("bank", GroupUse.Bank, history =>
            BankRules.Check(history, GroupUse.Bank.Registers, GroupUse.Bank.Total)),
        new("append", context => new AppendWorkload(context), AppendRules.Check),
        new("set", context => new SetWorkload(context), SetRules.Check) { MakeOnEtcd = EtcdSets.Load },
        new("ids", context => new NumberWorkload(context, withVersions: true), NumberRules.Check),
        new("sequential", context => new NumberWorkload(context, withVersions: false), NumberRules.Check),
        new("queue", context => new QueueWorkload(context), QueueRules.Check),
        new("sessions", context => new SessionWorkload(context), SessionRules.Check),
        new("mutex", context => new RecipeWorkload(context, RecipeKind.Mutex), HoldRules.CheckLock),
        new("rwlock", context => new RecipeWorkload(context, RecipeKind.ReadWriteLock), HoldRules.CheckLock),
        new("semaphore", context => new RecipeWorkload(context, RecipeKind.Semaphore),
            history => HoldRules.CheckSemaphore(history, RecipeWorkload.Permits)),
        new("ephemerals", context => new EphemeralWorkload(context), EphemeralRules.Check),
        new("expiry", context => new ExpiryWorkload(context), ExpiryRules.Check),
        new("digests", context => new DigestWorkload(context), DigestRules.Check),
    ];

    /// <summary>Null when there is none of this name.</summary>
    public static WorkloadKind? Find(string name) => All.FirstOrDefault(kind => kind.Name == name);

    private static WorkloadKind Groups(
        string name, GroupUse use, Func<IReadOnlyList<Operation>, CheckReport> check) =>
        new(name, context => GroupWorkloads.Make(context, use), check)
        {
            MakeOnEtcd = context => EtcdGroup.Load(context, use),
        };

    private static WorkloadKind Znodes(string name, ZnodeClients clients) =>
        new(name, context => new ZnodeWorkload(context, clients), HistoryChecker.Check);
}
