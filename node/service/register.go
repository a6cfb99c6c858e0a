package service

import (
	"context"

	"github.com/jio-dag/jio/node/api"
)

// Register puts the handlers of all methods and the streams of all topics into a
// registry. A node without wallets leaves out theirs.
func (s *Service) Register(reg *api.Registry) {
	s.registerChain(reg)
	s.registerNode(reg)
	s.registerTopics(reg)
	if s.Wallets != nil {
		s.registerKeeping(reg)
		s.registerMoney(reg)
	}
}

// handle registers a handler whose errors become those of the caller.
func handle[P, R any](reg *api.Registry, m api.Method[P, R], do func(context.Context, P) (R, error)) {
	api.Handle(reg, m, func(ctx context.Context, p P) (R, error) {
		r, err := do(ctx, p)
		return r, refused(err)
	})
}

// stream is handle for topics.
func stream[E any](reg *api.Registry, t api.Topic[E], do func(context.Context, api.Subscription, func(E) error) error) {
	api.Stream(reg, t, func(ctx context.Context, sub api.Subscription, send func(E) error) error {
		return refused(do(ctx, sub, send))
	})
}

func (s *Service) registerChain(reg *api.Registry) {
	handle(reg, api.GetBlock, s.getBlock)
	handle(reg, api.GetBlocks, s.getBlocks)
	handle(reg, api.GetHeaders, s.getHeaders)
	handle(reg, api.GetTransaction, s.getTransaction)
	handle(reg, api.GetBlockDagInfo, s.getBlockDagInfo)
	handle(reg, api.GetDag, s.getDag)
	handle(reg, api.GetTips, s.getTips)
	handle(reg, api.GetVirtualChain, s.getVirtualChain)
	handle(reg, api.GetBlockTemplate, s.getBlockTemplate)
	handle(reg, api.SubmitBlock, s.submitBlock)
	handle(reg, api.SubmitTransaction, s.submitTransaction)
	handle(reg, api.GetMempool, s.getMempool)
	handle(reg, api.GetMempoolEntry, s.getMempoolEntry)
	handle(reg, api.GetFeeEstimate, s.getFeeEstimate)
	handle(reg, api.GetUTXOsByAddresses, s.getUTXOs)
	handle(reg, api.GetBalancesByAddresses, s.getBalances)
	handle(reg, api.GetAddressHistory, s.getAddressHistory)
	handle(reg, api.GetCoinSupply, s.getCoinSupply)
	handle(reg, api.Search, s.search)
}

func (s *Service) registerNode(reg *api.Registry) {
	handle(reg, api.GetInfo, s.getInfo)
	handle(reg, api.GetStatus, s.getStatus)
	handle(reg, api.GetPeers, s.getPeers)
	handle(reg, api.GetNetwork, s.getNetwork)
	handle(reg, api.SyncProgress, s.syncProgress)
	handle(reg, api.AddPeer, s.addPeer)
	handle(reg, api.DropPeer, s.dropPeer)
	handle(reg, api.BanPeer, s.banPeer)
	handle(reg, api.UnbanPeer, s.unbanPeer)
	handle(reg, api.GetBans, s.getBans)
	handle(reg, api.GetMiner, s.getMiner)
	handle(reg, api.SetMiner, s.setMiner)
	handle(reg, api.Generate, s.generate)
	handle(reg, api.GetLogs, s.getLogs)
	handle(reg, api.Stop, s.stop)
	handle(reg, api.VerifyMessage, s.verifyMessage)
	handle(reg, api.CombinePartial, s.combinePartial)
	handle(reg, api.SendPartial, s.sendPartial)
}

func (s *Service) registerTopics(reg *api.Registry) {
	stream(reg, api.TopicBlockAdded, s.blockAdded)
	stream(reg, api.TopicVirtualChanged, s.virtualChanged)
	stream(reg, api.TopicUTXOsChanged, s.utxosChanged)
	stream(reg, api.TopicNewTemplate, s.newTemplate)
	stream(reg, api.TopicSyncProgress, s.syncChanged)
	stream(reg, api.TopicMempoolChanged, s.mempoolChanged)
}

func (s *Service) registerKeeping(reg *api.Registry) {
	handle(reg, api.ListWallets, s.listWallets)
	handle(reg, api.CreateWallet, s.createWallet)
	handle(reg, api.OpenWallet, s.openWallet)
	handle(reg, api.CloseWallet, s.closeWallet)
	handle(reg, api.UnlockWallet, s.unlockWallet)
	handle(reg, api.LockWallet, s.lockWallet)
	handle(reg, api.ChangePassword, s.changePassword)
	handle(reg, api.BackupWallet, s.backupWallet)
	handle(reg, api.RestoreBackup, s.restoreBackup)
	handle(reg, api.MarkBackedUp, s.markBackedUp)
	handle(reg, api.ShowWords, s.showWords)
	handle(reg, api.GetWallet, s.getWallet)
	handle(reg, api.NewAccount, s.newAccount)
	handle(reg, api.RenameAccount, s.renameAccount)
	handle(reg, api.NewAddress, s.newAddress)
	handle(reg, api.GetAddresses, s.getAddresses)
	handle(reg, api.NewPolicy, s.newPolicy)
	handle(reg, api.SetLabel, s.setLabel)
	handle(reg, api.GetContacts, s.getContacts)
	handle(reg, api.SetContact, s.setContact)
	handle(reg, api.ImportMiningKey, s.importMiningKey)
	handle(reg, api.ScanFurther, s.scanFurther)
	stream(reg, api.TopicWalletChanged, s.walletChanged)
}

func (s *Service) registerMoney(reg *api.Registry) {
	handle(reg, api.GetCoins, s.getCoins)
	handle(reg, api.FreezeCoins, s.freezeCoins)
	handle(reg, api.GetHistory, s.getHistory)
	handle(reg, api.PlanSend, s.planSend)
	handle(reg, api.Send, s.send)
	handle(reg, api.BumpFee, s.bumpFee)
	handle(reg, api.CancelPayment, s.cancelPayment)
	handle(reg, api.AbandonPayment, s.abandonPayment)
	handle(reg, api.SignMessage, s.signMessage)
	handle(reg, api.CreatePartial, s.createPartial)
	handle(reg, api.SignPartial, s.signPartial)
}
