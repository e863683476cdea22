import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { forbidden } from '../http/problem-exception.js';
import type { AuthenticatedRequest } from './auth.guard.js';

/** Behind `AuthGuard`: 403 for customers, before anything of the request is looked at. */
@Injectable()
export class StaffGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { principal } = context.switchToHttp().getRequest<AuthenticatedRequest>();
    if (principal.kind === 'customer') throw forbidden('this is for staff');
    return true;
  }
}
